import { expect } from 'chai';
import { checkRow } from '../../../src/classify/check-row.ts';
import { ROUTES } from '../../../src/classify/routes/table.ts';
import { classify, classifierFor, inShort } from '../../support/classify.ts';
import { K } from '../../support/classify-cases/case.ts';
import { CONTENTS } from '../../support/classify-cases/contents.ts';
import { EXTENSIONS } from '../../support/classify-cases/extensions.ts';
import { FRONTENDS } from '../../support/classify-cases/frontends.ts';
import { RUNNING } from '../../support/classify-cases/running.ts';
import { SERVER } from '../../support/classify-cases/server.ts';

const CASES = [...CONTENTS, ...RUNNING, ...SERVER, ...FRONTENDS, ...EXTENSIONS];

describe('the route table', () => {
  for (const { line, body, route, asks, to, ...rest } of CASES) {
    it(`takes ${line}${body === undefined ? '' : ` ${JSON.stringify(body)}`} for ${route}`, () => {
      const classified = classify(line, body);
      const sends = 'sends' in rest ? rest.sends : body;
      expect(classified.route).to.equal(route);
      expect(classified.questions.map(inShort)).to.deep.equal(asks);
      expect(classified.target).to.equal(to ?? line.split(' ')[1]);
      expect(classified.body).to.equal(sends === undefined ? undefined : JSON.stringify(sends));
    });
  }

  it('has a case for every row', () => {
    const covered = new Set(CASES.map(({ route }) => route));
    expect(ROUTES.map(({ id }) => id).filter((id) => !covered.has(id))).to.deep.equal([]);
  });

  it('gives every row an id of its own', () => {
    const ids = ROUTES.map(({ id }) => id);
    expect(new Set(ids).size).to.equal(ids.length);
  });

  it('has rows that name only parts they have, with flags that go together', () => {
    for (const row of ROUTES) expect(() => checkRow(row), row.id).not.to.throw();
  });

  it('asks about a shared document only where the row names one, and then with every question', () => {
    for (const { id, asks, document } of ROUTES) {
      expect(
        asks.map((ask) => ask.document === true),
        id,
      ).to.deep.equal(asks.map(() => document !== undefined));
    }
  });

  it('lets no text of the query stand where a path is asked', () => {
    for (const { id, asks, query } of ROUTES) {
      const texts = Object.entries(query === 'all' ? {} : (query ?? {})).filter(
        ([, rule]) => rule !== 'path',
      );
      const asked = asks.map(({ path }) => path);
      expect(
        texts.map(([name]) => name).filter((name) => asked.includes(name)),
        id,
      ).to.deep.equal([]);
    }
  });

  it('answers the same below a base path, which is compared literally', () => {
    const below = classifierFor({ baseUrl: '/user/a.b/' });
    expect(classify('GET /user/a.b/api/contents/x', undefined, below).target).to.equal(
      '/user/a.b/api/contents/x',
    );
    expect(classify('GET /user/a.b', undefined, below)).to.include({ route: 'root', target: '/user/a.b/' });
    for (const target of [
      '/user/aXb/api/contents/x',
      '/api/contents/x',
      '/user/%61.b/api/contents/x',
      '/user/a.bapi',
    ]) {
      expect(() => classify(`GET ${target}`, undefined, below), target)
        .to.throw()
        .with.property('code', 'ROUTE_UNKNOWN');
    }
  });

  it('says what the gate needs before it reads the body', () => {
    const classifier = classifierFor();
    const match = (line: string) => classifier.match(line.split(' ')[0]!, line.split(' ')[1]!, 'http');
    expect(match('PUT /api/contents/a')).to.include({
      body: 'stream',
      page: false,
      action: 'write',
      resource: 'contents',
    });
    expect(match('POST /api/sessions')).to.include({
      body: 'json',
      bodyLimit: 1_000_000,
      action: 'execute',
      resource: 'kernels',
    });
    expect(match('DELETE /api/contents/a')).to.include({ body: 'none', bodyLimit: 0 });
    expect(match('POST /api/security/csp-report')).to.include({ body: 'stream', bodyLimit: 65_536 });
    expect(match('GET /lab/tree/a')).to.include({ page: true });
  });

  it('tells present which object the address names and how the answer is made', () => {
    expect(classify(`WS /api/kernels/${K}/channels`)).to.deep.include({
      object: { kind: 'kernel', id: K },
      socket: 'kernel',
    });
    expect(classify('WS /api/events/subscribe').socket).to.equal('events');
    expect(
      classify('POST /api/sessions', { path: 'a.ipynb', type: 'notebook', kernel: { id: K } }).object,
    ).to.equal(undefined);
    expect(classify('GET /api/config/common')).to.deep.include({
      presentation: 'config',
      params: { section: 'common' },
    });
    expect(classify('GET /lab/api/settings/@a/b:c').params).to.deep.equal({ name: '@a/b:c' });
    expect(classify('GET /lab/api/workspaces/w').params).to.deep.equal({ name: 'w' });
    expect(classify('GET /api/me?permissions=%7B%7D').params).to.deep.equal({ permissions: '{}' });
    expect(classify('PUT /api/config/common', { a: 1 }).input).to.deep.equal({ a: 1 });
  });
});

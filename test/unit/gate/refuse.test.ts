import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { AppError } from '../../../src/core/errors.ts';
import type { ErrorCode } from '../../../src/core/errors.ts';
import type { Answer } from '../../../src/core/http.ts';
import type { RefuseOptions } from '../../../src/gate/refuse.ts';
import { refuse } from '../../../src/gate/refuse.ts';
import { entryOf, startTrail } from '../../../src/gate/trail.ts';
import type { Trail } from '../../../src/gate/trail.ts';

const OPTIONS: RefuseOptions = { baseUrl: '/base/', deniedStatus: 403 };
const PERSON = { accept: 'text/html,application/xhtml+xml' };

interface Asked {
  readonly url?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
  readonly trail?: Partial<Trail>;
  readonly options?: Partial<RefuseOptions>;
}

function refused(
  code: ErrorCode,
  asked: Asked = {},
): Answer & { readonly json: () => Record<string, unknown> } {
  const { url = '/base/api/contents/a', method = 'GET', headers = {} } = asked;
  const request = { url, method, headers } as unknown as IncomingMessage;
  const trail = { ...startTrail({ ...exchange(url, method) }), ...asked.trail };
  const error = new AppError(code, { detail: 'read contents `/a`', cause: new Error('a secret cause') });
  const answer = refuse(error, request, trail, { ...OPTIONS, ...asked.options });
  return { ...answer, json: () => JSON.parse(String(answer.body)) };
}

function exchange(url: string, method = 'GET') {
  const client = { address: '192.0.2.1', origin: 'http://lab', host: 'lab', secure: false };
  return { id: 'r-1', at: 1000, client, request: { url, method } };
}

describe('a refusal', () => {
  it('is JSON with message, reason and code for a program, and tells no cause', () => {
    const answer = refused('DENIED_BY_POLICY');
    expect(answer.status).to.equal(403);
    expect(answer.headers['content-type']).to.match(/^application\/json/);
    expect(answer.headers['vary']).to.equal('Cookie, Authorization');
    expect(answer.json()).to.include({ code: 'DENIED_BY_POLICY' }).and.to.include.keys('message', 'reason');
    expect(String(answer.body)).not.to.contain('secret cause');
  });

  it('is a page for a person who goes to one, with the request’s id', () => {
    for (const asked of [{ headers: PERSON }, { trail: { match: { page: true } as never } }]) {
      const answer = refused('DENIED_BY_POLICY', asked);
      expect(answer.status).to.equal(403);
      expect(answer.headers['content-type']).to.match(/^text\/html/);
      expect(answer.body).to.contain('r-1').and.not.to.contain('secret cause');
    }
  });

  it('is JSON for whatever is no going to a page', () => {
    const answer = refused('DENIED_BY_POLICY', { method: 'POST', headers: PERSON });
    expect(answer.headers['content-type']).to.match(/^application\/json/);
  });

  it('sends a person to sign in, and back, without the token that failed', () => {
    const url = '/base/lab/tree/a%20b.ipynb?token=secret&reset';
    const answer = refused('SIGN_IN_REQUIRED', { url, headers: PERSON });
    expect(answer.status).to.equal(302);
    const location = new URL(String(answer.headers['location']), 'http://lab');
    expect(location.pathname).to.equal('/base/gate/login');
    expect(location.searchParams.get('next')).to.equal('/base/lab/tree/a%20b.ipynb?reset');
  });

  it('asks a program for a token', () => {
    const answer = refused('SIGN_IN_REQUIRED');
    expect(answer.status).to.equal(401);
    expect(answer.headers['www-authenticate']).to.match(/^Bearer /);
  });

  it('is 404 for what may not be known to exist', () => {
    expect(refused('NOT_FOUND').status).to.equal(404);
    expect(refused('NOT_FOUND', { headers: PERSON }).status).to.equal(404);
  });

  it('is 401 where the operator wants it so, but not on checkpoints, and only when the policy refused', () => {
    const options = { deniedStatus: 401 } as const;
    expect(refused('DENIED_BY_POLICY', { options }).status).to.equal(401);
    expect(refused('DENIED_BY_RULE', { options }).status).to.equal(401);
    const trail = { match: { resource: 'checkpoints', page: false } as never };
    expect(refused('DENIED_BY_POLICY', { options, trail }).status).to.equal(403);
    expect(refused('XSRF_MISMATCH', { options }).status).to.equal(403);
    expect(refused('ROUTE_UNKNOWN', { options }).status).to.equal(403);
  });
});

describe('a refusal that may be asked about', () => {
  const identity = { subject: 'ada', credential: 'token', roles: null } as NonNullable<Trail['identity']>;
  const refusedQuestion = {
    act: 'write',
    res: 'contents',
    path: '/a b&c.ipynb',
    own: '',
  } as NonNullable<Trail['refused']>;
  const trail = { identity, refused: refusedQuestion };
  const options = { asking: true };

  it('ends with the address of the form, for people who see only the message', () => {
    const link = 'http://lab/base/gate/ask?act=write&res=contents&path=/a%20b%26c.ipynb';
    const body = refused('DENIED_BY_POLICY', { trail, options }).json();
    expect(body).to.include({ ask: link, code: 'DENIED_BY_POLICY' });
    expect(String(body['message']))
      .to.match(/read contents `\/a`; ask for it at /)
      .and.to.include(link);
  });

  it('names no form where a role would not help, or where nobody can ask', () => {
    const cases: [ErrorCode, Asked][] = [
      ['DENIED_BY_POLICY', { trail }],
      ['DENIED_BY_RULE', { trail, options }],
      ['NOT_FOUND', { trail, options }],
      ['DENIED_BY_POLICY', { trail: { identity }, options }],
      ['DENIED_BY_POLICY', { trail: { ...trail, identity: { ...identity, roles: [] } }, options }],
      [
        'DENIED_BY_POLICY',
        { trail: { ...trail, identity: { ...identity, credential: 'none' } as never }, options },
      ],
      ['DENIED_BY_POLICY', { trail: { ...trail, refused: { ...refusedQuestion, own: 'bob' } }, options }],
    ];
    for (const [index, [code, asked]] of cases.entries())
      expect(refused(code, asked).json(), `case ${index}`).not.to.have.property('ask');
  });

  it('holds the form on its page, for the address without its token', () => {
    const advice = {
      thing: { act: 'read', res: 'contents', path: '/<b>.ipynb' },
      isKnown: true,
      nearest: { holder: 'role:viewer', acts: 'read', path: '/<i>/**', lacks: 'path' },
      role: { name: 'role:editor', description: '<u>' },
    } as const;
    const url = '/base/lab/tree/x?token=secret&reset';
    const person = { ...trail, identity: { ...identity, xsrf: 'the-pair', displayName: 'Ada' } as never };
    const answer = refused('DENIED_BY_POLICY', { url, headers: PERSON, trail: person, options: { advice } });
    expect(answer.body)
      .to.include('action="/base/gate/ask?next=/base/lab/tree/x%3Freset"')
      .and.include('value="the-pair"')
      .and.include('/&lt;b&gt;.ipynb')
      .and.include('/&lt;i&gt;/**')
      .and.include('&lt;u&gt;');
    expect(answer.body).not.to.match(/secret|<b>|<i>|<u>/);
  });
});

describe('the trail of a request', () => {
  it('gives an entry however far the request came, without what stood in the query', () => {
    const trail = startTrail(exchange('/base/lab?token=secret&link=secret'));
    const entry = entryOf(trail, 1250);
    expect(entry).to.include({ id: 'r-1', at: 1000, subject: '', path: '/base/lab', code: 'INTERNAL' });
    expect(entry).to.include({ address: '192.0.2.1', durationMs: 250, revision: 0 });
    expect(JSON.stringify(entry)).not.to.contain('secret');
    expect(entryOf(trail, 900).durationMs, 'a clock that was set back').to.equal(0);
  });

  it('keeps a bounded part of a long address', () => {
    expect(entryOf(startTrail(exchange(`/${'x'.repeat(9000)}`)), 0).path).to.have.length(1024);
  });

  it('names the first question, and the others in words', () => {
    const question = { sub: 'ada', srv: 'default', res: 'contents', act: 'write', path: '/a', own: '' };
    const trail: Trail = {
      ...startTrail(exchange('/api/contents/a')),
      questions: [question, { ...question, act: 'read', path: '/b' }] as never,
      verdict: { allowed: true, code: 'ALLOWED', rules: [3, 4], grants: [], revision: 7, validUntil: null },
      code: 'ALLOWED',
    };
    const entry = entryOf(trail, 1000);
    expect(entry).to.include({ res: 'contents', act: 'write', path: '/a', revision: 7, code: 'ALLOWED' });
    expect(entry.also).to.deep.equal(['read contents /b']);
    expect(entry.rules).to.deep.equal([3, 4]);
  });
});

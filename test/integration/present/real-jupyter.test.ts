import { expect } from 'chai';
import type { Answer } from '../../../src/core/http.ts';
import type { Asker } from '../../../src/present/presenter.ts';
import { classify } from '../../support/classify.ts';
import { jsonOf, openStage, person } from '../../support/presenting.ts';
import type { Stage } from '../../support/presenting.ts';
import { startTokenJupyter } from '../../support/token-jupyter.ts';
import type { TokenJupyter } from '../../support/token-jupyter.ts';

/** Characters that percent-encoding, HTML and JSON each spell differently. */
const TOKEN = 'gateS3cret/tok+en&x';
const LEAK = /gateS3cret/i;

interface Shown {
  readonly upstream: string;
  readonly answer: Answer;
  readonly text: string;
}

describe('present a real Jupyter Server', function () {
  this.timeout(120_000);
  let jupyter: TokenJupyter;
  let stage: Stage;
  let anna: Asker;
  let bert: Asker;

  before(async () => {
    jupyter = await startTokenJupyter(TOKEN);
    stage = await openStage({
      upstreamToken: TOKEN,
      ask: async (method, target, body) => {
        const response = await jupyter.fetch(method, target, body);
        const text = await response.text();
        return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
      },
    });
    const rules = ['contents read /**', 'pages read *', 'settings read -'];
    anna = person({ subject: 'anna', rules }, stage.store.objects);
    bert = person({ subject: 'bert', rules }, stage.store.objects);
  });
  after(async () => {
    await stage?.close();
    await jupyter?.stop();
  });

  /** What a person is shown of one request, without the gate in between: classify, forward, present. */
  async function show(asker: Asker, line: string, body?: unknown): Promise<Shown> {
    const classified = classify(line, body);
    const { presenter } = stage;
    if (presenter.isLocal(classified)) {
      const answer = await presenter.answer(classified, asker);
      return { upstream: '', answer, text: answer.body.toString() };
    }
    const response = await jupyter.fetch(line.split(' ')[0] ?? '', classified.target, classified.input);
    const headers = Object.fromEntries(response.headers);
    const bytes = Buffer.from(await response.arrayBuffer());
    const reply = { status: response.status, headers, body: bytes };
    const rewritten = presenter.rewrites(classified, response.status, headers['content-type'] ?? '');
    const answer = rewritten ? await presenter.rewrite(classified, asker, reply) : reply;
    return { upstream: bytes.toString(), answer, text: answer.body.toString() };
  }

  const pages = [
    '/lab',
    '/lab/tree/a.ipynb',
    '/lab/workspaces/foo',
    '/doc/tree/a.ipynb',
    '/tree',
    '/tree/pub',
    '/notebooks/a.ipynb',
    '/edit/t.txt',
  ];
  for (const path of pages) {
    it(`shows ${path} without the token that upstream writes into it`, async () => {
      const { upstream, answer, text } = await show(anna, `GET ${path}`);
      expect(upstream).to.match(LEAK);
      expect(answer.status).to.equal(200);
      expect(text).to.not.match(LEAK);
      expect(text).to.not.contain('gate-jupyter-');
    });
  }

  for (const path of [
    '/notebooks/none.ipynb',
    '/edit/none.txt',
    '/files/none.txt',
    '/nbconvert/html/none.ipynb',
  ]) {
    it(`answers ${path}, which is not there, with a page of the gate`, async () => {
      const { upstream, answer, text } = await show(anna, `GET ${path}`);
      expect(upstream).to.match(LEAK);
      expect(answer.status).to.equal(404);
      expect(text).to.not.match(LEAK);
      expect(text).to.contain('Jupyter Gate');
    });
  }

  it('shows a notebook as not writable to who may only read it', async () => {
    const { upstream, text } = await show(anna, 'GET /api/contents/a.ipynb?content=1');
    expect(upstream).to.contain('"writable": true');
    expect(text).to.equal(upstream.replace('"writable": true', '"writable": false'));
  });

  it('lists a directory with what may be read', async () => {
    const pub = person({ subject: 'p', rules: ['contents read /pub/**'] }, stage.store.objects);
    const model = jsonOf<{ content: { path: string }[] }>(
      (await show(pub, 'GET /api/contents?content=1')).answer,
    );
    expect(model.content.map(({ path }) => path)).to.deep.equal(['pub']);
  });

  it('answers a missing file with JSON and a message', async () => {
    const { answer } = await show(anna, 'GET /api/contents/none.txt');
    expect(answer.status).to.equal(404);
    expect(jsonOf(answer)).to.include({ code: 'NOT_FOUND' });
  });

  it('shows a session and its kernel to who started it, and forgets both when it is deleted', async () => {
    const wanted = { path: 'a.ipynb', name: 'a.ipynb', type: 'notebook', kernel: { name: 'python3' } };
    const { answer } = await show(anna, 'POST /api/sessions', wanted);
    const { id, kernel } = jsonOf<{ id: string; kernel: { id: string } }>(answer);
    expect(stage.store.objects.lookup('kernel', kernel.id)).to.include({ owner: 'anna', path: '/a.ipynb' });
    const ids = async (asker: Asker, path: string) =>
      jsonOf<{ id: string }[]>((await show(asker, `GET ${path}`)).answer).map((model) => model.id);
    expect([await ids(anna, '/api/sessions'), await ids(bert, '/api/sessions')]).to.deep.equal([[id], []]);
    expect([await ids(anna, '/api/kernels'), await ids(bert, '/api/kernels')]).to.deep.equal([
      [kernel.id],
      [],
    ]);
    expect(jsonOf((await show(bert, 'GET /api/status')).answer)).to.include({ kernels: 0 });
    expect(jsonOf((await show(anna, 'GET /api/status')).answer)).to.include({ kernels: 1 });
    const adopted = await show(bert, 'POST /api/sessions', wanted).catch((error: unknown) => error);
    expect(adopted).to.have.property('code', 'OBJECT_FOREIGN');
    expect((await show(anna, `DELETE /api/sessions/${id}`)).answer.status).to.equal(204);
    expect(stage.store.objects.lookup('session', id)).to.equal(undefined);
    expect(stage.store.objects.lookup('kernel', kernel.id)).to.equal(undefined);
  });

  it('shows a terminal to who opened it', async () => {
    const { name } = jsonOf<{ name: string }>((await show(anna, 'POST /api/terminals', {})).answer);
    expect(jsonOf<unknown[]>((await show(anna, 'GET /api/terminals')).answer)).to.have.length(1);
    expect(jsonOf<unknown[]>((await show(bert, 'GET /api/terminals')).answer)).to.have.length(0);
    expect((await show(anna, `DELETE /api/terminals/${name}`)).answer.status).to.equal(204);
    expect(stage.store.objects.lookup('terminal', name)).to.equal(undefined);
  });

  it('keeps the settings of one person from the others and from the server', async () => {
    const plugin = '/lab/api/settings/@jupyterlab/apputils-extension:themes';
    expect(
      (await show(anna, `PUT ${plugin}`, { raw: '{"theme":"JupyterLab Dark"}' })).answer.status,
    ).to.equal(204);
    const read = async (asker: Asker) =>
      jsonOf<{ raw: string }>((await show(asker, `GET ${plugin}`)).answer).raw;
    expect([await read(anna), await read(bert)]).to.deep.equal(['{"theme":"JupyterLab Dark"}', '{}']);
    const list = jsonOf<{ settings: { raw: string }[] }>((await show(anna, 'GET /lab/api/settings')).answer);
    expect(list.settings.filter(({ raw }) => raw.includes('Dark'))).to.have.length(1);
    const ids = jsonOf<{ settings: object[] }>(
      (await show(anna, 'GET /lab/api/settings?ids_only=true')).answer,
    );
    expect(ids.settings).to.have.length(list.settings.length);
  });

  it('keeps workspaces and configuration of one person', async () => {
    const workspace = { data: { a: 1 }, metadata: { id: 'default' } };
    expect((await show(anna, 'PUT /lab/api/workspaces/default', workspace)).answer.status).to.equal(204);
    expect(jsonOf((await show(bert, 'GET /lab/api/workspaces/default')).answer)).to.deep.equal({
      data: {},
      metadata: { id: '/default' },
    });
    expect((await show(anna, 'PUT /api/config/notebook', { x: 1 })).answer.status).to.equal(204);
    expect((await show(anna, 'PATCH /api/config/notebook', { y: 2 })).text).to.equal('{"x":1,"y":2}');
    expect((await show(bert, 'GET /api/config/notebook')).text).to.equal('{}');
  });

  it('answers who is there and what they may do, from the address as a frontend writes it', async () => {
    const asked = encodeURIComponent(JSON.stringify({ contents: ['read', 'write'] }));
    const { answer } = await show(anna, `GET /api/me?permissions=${asked}`);
    expect(jsonOf(answer)).to.have.nested.property('identity.username', 'anna');
    expect(jsonOf(answer)).to.have.deep.nested.property('permissions.contents', ['read']);
  });

  it('shows kernel specifications that frontends accept', async () => {
    const { kernelspecs } = jsonOf<{ kernelspecs: Record<string, { spec: object }> }>(
      (await show(anna, 'GET /api/kernelspecs')).answer,
    );
    expect(kernelspecs['python3']?.spec).to.include.keys('argv', 'display_name', 'language');
    expect(kernelspecs['python3']?.spec).to.have.deep.property('env', {});
  });
});

/** What may not be seen is not there: the same words, headers and ways for what exists, for what does not, and for both alike. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { handshake } from '../../support/jupyter-sockets.ts';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';

/** What is different each time anyway. */
const EACH_ITS_OWN = ['x-request-id', 'date'];

describe('what may not be seen', function () {
  this.timeout(120_000);
  let gate: RunningGate;
  let ada: string;
  let bob: string;

  before(async () => {
    gate = await startGate();
    [ada, bob] = [await gate.person('ada', 'full'), await gate.person('bob')];
    for (const file of ['pub/a.txt', 'priv/p.txt', 'priv/n.ipynb', 'secret.txt']) {
      await mkdir(join(gate.notebooks, file, '..'), { recursive: true });
      await writeFile(join(gate.notebooks, file), file.endsWith('ipynb') ? NOTEBOOK : 'text');
    }
    for (const fields of [
      { res: 'contents|files|nbconvert|checkpoints', act: 'read', path: '/pub/**' },
      { res: 'contents', act: 'write', path: '/pub/mine/**' },
      { res: 'kernels|sessions|channels|terminals', act: '*', path: '**', cond: 'r.own == r.sub' },
      { res: 'pages|static|api|kernelspecs', act: 'read', path: '**' },
    ]) {
      const made = await gate.admin('POST', '/rules', { fields: { sub: 'bob', ...fields } });
      expect(made.status, JSON.stringify(made.body)).to.equal(201);
    }
  });
  after(() => gate?.stop());

  /** Everything that can be told apart, with the thing that is named put aside. */
  const told = async (method: string, path: string, name: string, body?: unknown) => {
    const answer = await gate.as(bob, method, path, body);
    const headers = Object.fromEntries([...answer.headers].filter(([key]) => !EACH_ITS_OWN.includes(key)));
    delete headers['content-length'];
    const text = (await answer.text()).replaceAll(answer.headers.get('x-request-id') ?? '', 'REQUEST');
    return { status: answer.status, headers, body: text.replaceAll(name, 'NAME') };
  };

  const requests: readonly (readonly [method: string, address: (name: string) => string, body?: unknown])[] =
    [
      ['GET', (name) => `/api/contents/${name}`],
      ['GET', (name) => `/api/contents/${name}?content=0&hash=1`],
      ['PUT', (name) => `/api/contents/${name}`, { type: 'file', format: 'text', content: 'x' }],
      ['PATCH', (name) => `/api/contents/${name}`, { path: 'pub/mine/x' }],
      ['DELETE', (name) => `/api/contents/${name}`],
      ['GET', (name) => `/api/contents/${name}/checkpoints`],
      ['POST', (name) => `/api/contents/${name}/checkpoints`],
      ['POST', (name) => `/api/contents/${name}/checkpoints/checkpoint`],
      ['POST', (name) => `/api/contents/${name}/trust`],
      ['GET', (name) => `/files/${name}`],
      ['GET', (name) => `/nbconvert/html/${name}`],
    ];

  for (const [method, address, body] of requests) {
    it(`is answered like what is not there: ${method} ${address('PATH')}`, async () => {
      const there = await told(method, address('priv/n.ipynb'), 'priv/n.ipynb', body);
      const nowhere = await told(method, address('priv/none.ipynb'), 'priv/none.ipynb', body);
      expect(there.status).to.equal(404);
      expect(there).to.deep.equal(nowhere);
      // Of a file or an export a person opens the address, and sees a page.
      if (there.headers['content-type']?.startsWith('text/html')) return;
      expect(JSON.parse(there.body)).to.deep.equal({
        message: "file or directory does not exist: 'NAME'",
        reason: null,
        code: 'NOT_FOUND',
      });
    });
  }

  it('is answered in the very words for a file that could be seen and is not there', async () => {
    const hidden = await told('GET', '/api/contents/priv/n.ipynb', 'priv/n.ipynb');
    const missing = await told('GET', '/api/contents/pub/none.ipynb', 'pub/none.ipynb');
    expect(missing).to.deep.equal(hidden);
  });

  it('is named in a body no more than in an address', async () => {
    const move = { path: 'priv/x.txt' };
    for (const [method, path, body] of [
      ['POST', '/api/contents/pub/mine', { copy_from: 'priv/p.txt' }],
      ['PATCH', '/api/contents/priv/p.txt', move],
      ['GET', '/api/resolvePath?path=priv/p.txt', undefined],
      ['POST', '/api/sessions', { path: 'priv/n.ipynb', type: 'notebook', kernel: { name: 'python3' } }],
    ] as const) {
      expect((await gate.as(bob, method, path, body)).status, `${method} ${path}`).to.equal(404);
    }
  });

  it('is not found out by the path in the body of a save', async () => {
    const save = async (path: string): Promise<number> => {
      const body = { type: 'file', format: 'text', content: 'x', path };
      return (await gate.as(bob, 'PUT', '/api/contents/pub/mine/saved.txt', body)).status;
    };
    await mkdir(join(gate.notebooks, 'pub/mine'), { recursive: true });
    // Jupyter looks the path up, and cannot where a file stands for a directory.
    expect(await save('priv/p.txt/below')).to.equal(400);
    expect(await save('priv/none.txt/below')).to.equal(400);
    expect(await save('pub/mine/saved.txt')).to.equal(201);
    expect(await save('pub/mine')).to.equal(200);
  });

  it('is a kernel, a session or a terminal of somebody else, as one that never was', async () => {
    const session = { path: 'n.ipynb', type: 'notebook', kernel: { name: 'python3' } };
    const hers = (await (await gate.as(ada, 'POST', '/api/sessions', session)).json()) as {
      id: string;
      kernel: { id: string };
    };
    const { name } = (await (await gate.as(ada, 'POST', '/api/terminals')).json()) as { name: string };
    const none = '00000000-0000-4000-8000-000000000000';
    for (const [theirs, never, method, address] of [
      [hers.kernel.id, none, 'GET', '/api/kernels/ID'],
      [hers.kernel.id, none, 'DELETE', '/api/kernels/ID'],
      [hers.kernel.id, none, 'POST', '/api/kernels/ID/interrupt'],
      [hers.id, none, 'GET', '/api/sessions/ID'],
      [hers.id, none, 'PATCH', '/api/sessions/ID'],
      [hers.id, none, 'DELETE', '/api/sessions/ID'],
      [name, '4711', 'GET', '/api/terminals/ID'],
      [name, '4711', 'DELETE', '/api/terminals/ID'],
    ] as const) {
      const body = method === 'PATCH' ? { name: 'x' } : undefined;
      const there = await told(method, address.replace('ID', theirs), theirs, body);
      expect(there.status, `${method} ${address}`).to.equal(404);
      expect(there).to.deep.equal(await told(method, address.replace('ID', never), never, body));
    }
    for (const id of [hers.kernel.id, none])
      expect(await handshake(gate.url, `/api/kernels/${id}/channels`, bob)).to.equal(404);
    for (const id of [name, '4711'])
      expect(await handshake(gate.url, `/terminals/websocket/${id}`, bob)).to.equal(404);
    await gate.as(ada, 'DELETE', `/api/sessions/${hers.id}`);
    await gate.as(ada, 'DELETE', `/api/terminals/${name}`);
  });

  it('is not what may be seen and not be touched: that is refused, with the reason', async () => {
    for (const [method, path, body] of [
      ['DELETE', '/api/contents/pub/a.txt', undefined],
      ['PUT', '/api/contents/pub/a.txt', { type: 'file', format: 'text', content: 'x' }],
      ['PUT', '/api/contents/pub/new.txt', { type: 'file', format: 'text', content: 'x' }],
      ['POST', '/api/contents/pub', { type: 'notebook' }],
      ['POST', '/api/contents/pub/a.txt/checkpoints', undefined],
    ] as const) {
      const answer = await gate.as(bob, method, path, body);
      expect(answer.status, `${method} ${path}`).to.equal(403);
      expect(await answer.json()).to.include({ code: 'DENIED_BY_POLICY' });
    }
    // The served directory is known to everybody, and what goes into it has a name of the asker's own.
    expect((await gate.as(bob, 'GET', '/api/contents')).status).to.equal(200);
    expect((await gate.as(bob, 'DELETE', '/api/contents/secret.txt')).status).to.equal(404);
    const saved = { type: 'file', format: 'text', content: 'x' };
    for (const path of ['secret.txt', 'none.txt'])
      expect((await gate.as(bob, 'PUT', `/api/contents/${path}`, saved)).status).to.equal(403);
  });
});

const NOTEBOOK = JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 });

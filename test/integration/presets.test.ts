/** Each preset on a real Jupyter Server: what it may really happens there, and what it may not really does not. */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, readdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { execute, handshake, openSocket, type, V1 } from '../support/jupyter-sockets.ts';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';
import { until } from '../support/store/until.ts';
import { startTokenJupyter } from '../support/token-jupyter.ts';
import type { TokenJupyter } from '../support/token-jupyter.ts';

const UPSTREAM_TOKEN = 'presets-upstream-token';
const BIG = 30 * 1024 * 1024;
const PEOPLE = {
  vera: 'viewer',
  edda: 'editor',
  tina: 'temporary',
  tom: 'temporary',
  finn: 'full',
  fred: 'full',
} as const;
type Person = keyof typeof PEOPLE;

interface Model {
  readonly id: string;
  readonly name: string;
  readonly path: string;
  readonly kernel: { readonly id: string };
}

const saved = (content: string) => ({ type: 'file', format: 'text', content });
const session = (path: string) => ({ path, name: '', type: 'notebook', kernel: { name: 'python3' } });

describe('the presets on a real Jupyter Server', function () {
  this.timeout(180_000);
  let jupyter: TokenJupyter;
  let gate: RunningGate;
  const tokens = new Map<string, string>();

  before(async () => {
    jupyter = await startTokenJupyter(UPSTREAM_TOKEN);
    const secret = join(jupyter.root, '..', 'upstream.token');
    await writeFile(secret, UPSTREAM_TOKEN);
    gate = await startGate('--upstream', jupyter.origin, '--upstream-token-file', secret);
    for (const [name, role] of Object.entries(PEOPLE)) tokens.set(name, await gate.person(name, role));
  });
  after(async () => {
    await gate?.stop();
    await jupyter?.stop();
  });

  const ask = (who: Person, method: string, path: string, body?: unknown): Promise<Response> =>
    gate.as(tokens.get(who), method, path, body);
  const status = async (...asked: Parameters<typeof ask>): Promise<number> => (await ask(...asked)).status;
  const model = async (...asked: Parameters<typeof ask>): Promise<Model> => {
    const response = await ask(...asked);
    expect(response.status, asked.join(' ')).to.be.oneOf([200, 201]);
    return response.json() as Promise<Model>;
  };
  const list = async (who: Person, path: string): Promise<Model[]> =>
    (await ask(who, 'GET', path)).json() as Promise<Model[]>;
  const upstream = async (path: string): Promise<Model[]> =>
    (await jupyter.fetch('GET', path)).json() as Promise<Model[]>;
  const file = (path: string): string => join(jupyter.root, path);
  const open = (who: Person, path: string, protocol?: string) =>
    openSocket(gate.url, path, { token: tokens.get(who), protocol });
  const channels = (kernel: string): string => `/api/kernels/${kernel}/channels`;

  async function runs(who: Person, kernel: string, code: string, protocol?: string): Promise<string> {
    const socket = await open(who, channels(kernel), protocol);
    try {
      return await execute(socket, code);
    } finally {
      await socket.close();
    }
  }

  /** Everything that would change a file, tried by somebody who may not. */
  async function changesNothing(who: Person): Promise<void> {
    await writeFile(file('kept.txt'), 'kept');
    const attempts: [string, string, unknown?][] = [
      ['PUT', '/api/contents/kept.txt', saved('changed')],
      ['PUT', `/api/contents/new-${who}.txt`, saved('new')],
      ['POST', '/api/contents/pub', { type: 'notebook' }],
      ['POST', '/api/contents/pub', { copy_from: 'kept.txt' }],
      ['PATCH', '/api/contents/kept.txt', { path: 'moved.txt' }],
      ['DELETE', '/api/contents/kept.txt'],
      ['POST', '/api/contents/kept.txt/checkpoints'],
      ['POST', '/api/contents/a.ipynb/trust'],
    ];
    const before = await readdir(file('pub'));
    for (const [method, path, body] of attempts)
      expect(await status(who, method, path, body), `${method} ${path}`).to.equal(403);
    expect(await readFile(file('kept.txt'), 'utf8')).to.equal('kept');
    expect(await readdir(file('pub'))).to.deep.equal(before);
    expect([`new-${who}.txt`, 'moved.txt'].filter((name) => existsSync(file(name)))).to.deep.equal([]);
  }

  async function opensNoTerminal(who: Person): Promise<void> {
    const before = await upstream('/api/terminals');
    expect(await status(who, 'POST', '/api/terminals', {})).to.equal(403);
    expect(await status(who, 'GET', '/terminals/sneaky')).to.equal(404);
    expect((await upstream('/api/terminals')).map(({ name }) => name)).to.deep.equal(
      before.map(({ name }) => name),
    );
  }

  async function runsNothing(who: Person): Promise<void> {
    const before = await upstream('/api/kernels');
    expect(await status(who, 'POST', '/api/sessions', session('a.ipynb'))).to.equal(403);
    expect(await status(who, 'POST', '/api/kernels', { name: 'python3' })).to.equal(403);
    expect((await upstream('/api/kernels')).map(({ id }) => id)).to.deep.equal(before.map(({ id }) => id));
    const { id } = (await (await jupyter.fetch('POST', '/api/kernels', { name: 'python3' })).json()) as Model;
    expect(await handshake(gate.url, channels(id), tokens.get(who))).to.equal(404);
    await jupyter.fetch('DELETE', `/api/kernels/${id}`);
  }

  describe('viewer', () => {
    it('reads, browses and exports', async () => {
      expect(await (await ask('vera', 'GET', '/files/t.txt')).text()).to.equal('hi');
      expect(await model('vera', 'GET', '/api/contents/a.ipynb')).to.include({
        path: 'a.ipynb',
        writable: false,
      });
      expect(await status('vera', 'GET', '/nbconvert/python/a.ipynb')).to.equal(200);
    });
    it('changes no file', () => changesNothing('vera'));
    it('runs nothing', () => runsNothing('vera'));
    it('opens no terminal', () => opensNoTerminal('vera'));
  });

  describe('editor', () => {
    it('saves, creates, renames and deletes on the disk', async () => {
      expect(await status('edda', 'PUT', '/api/contents/pub/e.txt', saved('one'))).to.equal(201);
      expect(await readFile(file('pub/e.txt'), 'utf8')).to.equal('one');
      const created = await model('edda', 'POST', '/api/contents/pub', { type: 'file', ext: '.md' });
      expect(existsSync(file(created.path))).to.equal(true);
      expect(await status('edda', 'PATCH', '/api/contents/pub/e.txt', { path: 'pub/f.txt' })).to.equal(200);
      expect([existsSync(file('pub/e.txt')), existsSync(file('pub/f.txt'))]).to.deep.equal([false, true]);
      expect(await status('edda', 'DELETE', '/api/contents/pub/f.txt')).to.equal(204);
      expect(existsSync(file('pub/f.txt'))).to.equal(false);
    });
    it('goes back to a checkpoint', async () => {
      await ask('edda', 'PUT', '/api/contents/c.txt', saved('before'));
      const { id } = await model('edda', 'POST', '/api/contents/c.txt/checkpoints');
      await ask('edda', 'PUT', '/api/contents/c.txt', saved('after'));
      expect(await status('edda', 'POST', `/api/contents/c.txt/checkpoints/${id}`)).to.equal(204);
      expect(await readFile(file('c.txt'), 'utf8')).to.equal('before');
    });
    it('exports by no program, and by none that the notebook names', async () => {
      const language_info = { name: 'python', nbconvert_exporter: 'html' };
      const content = { cells: [], metadata: { language_info }, nbformat: 4, nbformat_minor: 5 };
      const notebook = { type: 'notebook', content };
      expect(await status('edda', 'PUT', '/api/contents/n.ipynb', notebook)).to.equal(201);
      for (const format of ['script', 'pdf', 'webpdf', 'latex'])
        expect(await status('edda', 'GET', `/nbconvert/${format}/n.ipynb`), format).to.equal(403);
      expect(await status('edda', 'GET', '/nbconvert/html/n.ipynb')).to.equal(200);
    });
    it('is offered no export that it may not have', async () => {
      const offered = (who: 'edda' | 'fred'): Promise<object> => model(who, 'GET', '/api/nbconvert');
      expect(await offered('edda')).to.include.keys('html', 'markdown');
      expect(await offered('edda')).to.not.have.any.keys('script', 'pdf', 'webpdf', 'latex');
      expect(await offered('fred')).to.include.keys('html', 'script', 'pdf');
    });
    it('runs nothing', () => runsNothing('edda'));
    it('opens no terminal', () => opensNoTerminal('edda'));
  });

  describe('temporary', () => {
    for (const protocol of [undefined, V1]) {
      it(`runs code on a kernel of its own, over ${protocol ?? 'the older protocol'}`, async () => {
        const { kernel } = await model('tina', 'POST', '/api/sessions', session('a.ipynb'));
        expect(await runs('tina', kernel.id, 'print(6 * 7)', protocol)).to.equal('42\n');
        expect((await upstream('/api/kernels')).map(({ id }) => id)).to.include(kernel.id);
      });
    }
    it('waits for a cell that is quiet for a while', async () => {
      const { kernel } = await model('tina', 'POST', '/api/sessions', session('a.ipynb'));
      expect(await runs('tina', kernel.id, 'import time; time.sleep(3); print("done")')).to.equal('done\n');
    });
    it('changes no file', () => changesNothing('tina'));
    it('opens no terminal', () => opensNoTerminal('tina'));
    it('restarts, interrupts and ends its own kernel', async () => {
      const { id, kernel } = await model('tina', 'POST', '/api/sessions', session('pub/b.ipynb'));
      expect(await status('tina', 'POST', `/api/kernels/${kernel.id}/interrupt`)).to.equal(204);
      expect(await status('tina', 'POST', `/api/kernels/${kernel.id}/restart`)).to.equal(200);
      expect(await status('tina', 'DELETE', `/api/sessions/${id}`)).to.equal(204);
      expect((await upstream('/api/kernels')).map((one) => one.id)).not.to.include(kernel.id);
    });
  });

  describe('full', () => {
    it('saves, runs and types into a terminal', async () => {
      expect(await status('finn', 'PUT', '/api/contents/full.txt', saved('full'))).to.equal(201);
      expect(await readFile(file('full.txt'), 'utf8')).to.equal('full');
      const { kernel } = await model('finn', 'POST', '/api/sessions', session('a.ipynb'));
      expect(await runs('finn', kernel.id, 'print(open("full.txt").read())')).to.equal('full\n');
      const { name } = await model('finn', 'POST', '/api/terminals', {});
      const terminal = await open('finn', `/terminals/websocket/${name}`);
      expect(await type(terminal, 'echo $((6 * 7))-here', '42-here')).to.include('42-here');
      await terminal.close();
    });
    it('administers nothing', async () => {
      const { body } = await gate.admin('POST', '/decisions', {
        sub: 'finn',
        res: 'gate:users',
        act: 'write',
      });
      expect(body.verdict.allowed).to.equal(false);
    });
  });

  for (const [one, other] of [
    ['tina', 'tom'],
    ['finn', 'fred'],
  ] as const) {
    describe(`two people with ${PEOPLE[one]}`, () => {
      it('get a kernel each when they open one notebook', async () => {
        const [first, second] = [
          await model(one, 'POST', '/api/sessions', session('pub/b.ipynb')),
          await model(other, 'POST', '/api/sessions', session('pub/b.ipynb')),
        ];
        expect(second.kernel.id).not.to.equal(first.kernel.id);
        expect([first.path, second.path]).to.deep.equal(['pub/b.ipynb', 'pub/b.ipynb']);
        await runs(one, first.kernel.id, 'secret = 1');
        expect(await runs(other, second.kernel.id, 'print("secret" in globals())')).to.equal('False\n');
      });
      it('do not see each other in the lists', async () => {
        const mine = await model(one, 'POST', '/api/sessions', session('a.ipynb'));
        const { id } = await model(one, 'POST', '/api/kernels', { name: 'python3' });
        expect((await list(one, '/api/kernels')).map((each) => each.id)).to.include.members([
          id,
          mine.kernel.id,
        ]);
        const theirs = [...(await list(other, '/api/kernels')), ...(await list(other, '/api/sessions'))];
        for (const hidden of [id, mine.id, mine.kernel.id])
          expect(JSON.stringify(theirs)).not.to.include(hidden);
      });
      it('do not reach what belongs to the other', async () => {
        const mine = await model(one, 'POST', '/api/sessions', session('a.ipynb'));
        const [kernel, opened] = [`/api/kernels/${mine.kernel.id}`, `/api/sessions/${mine.id}`];
        const attempts: [string, string, unknown?][] = [
          ['GET', kernel],
          ['POST', `${kernel}/interrupt`],
          ['POST', `${kernel}/restart`],
          ['DELETE', kernel],
          ['GET', opened],
          ['PATCH', opened, { path: 'pub/b.ipynb' }],
          ['DELETE', opened],
          ['POST', '/api/sessions', { ...session('x.ipynb'), kernel: { id: mine.kernel.id } }],
        ];
        for (const [method, path, body] of attempts)
          expect(await status(other, method, path, body), `${method} ${path}`).to.equal(404);
        expect(await handshake(gate.url, channels(mine.kernel.id), tokens.get(other))).to.equal(404);
        expect(await runs(one, mine.kernel.id, 'print("alive")')).to.equal('alive\n');
      });
    });
  }

  describe('a terminal', () => {
    it('stays with who opened it when somebody else asks for one of its name', async () => {
      const { name } = await model('finn', 'POST', '/api/terminals', {});
      const terminal = await open('finn', `/terminals/websocket/${name}`);
      await type(terminal, 'MINE=finns; echo set-$MINE', 'set-finns');
      const planted = await model('fred', 'POST', '/api/terminals', { name });
      expect(planted.name).not.to.equal(name);
      expect(await status('fred', 'GET', `/api/terminals/${name}`)).to.equal(404);
      expect(await handshake(gate.url, `/terminals/websocket/${name}`, tokens.get('fred'))).to.equal(404);
      expect(await status('fred', 'DELETE', `/api/terminals/${name}`)).to.equal(404);
      await terminal.close();
      const again = await open('finn', `/terminals/websocket/${name}`);
      await type(again, 'echo still-$MINE', 'still-finns');
      await again.close();
      expect((await list('fred', '/api/terminals')).map((each) => each.name)).not.to.include(name);
    });
  });

  describe('what nobody recorded', () => {
    it('is reached with full access only', async () => {
      const kernel = (await (
        await jupyter.fetch('POST', '/api/kernels', { name: 'python3' })
      ).json()) as Model;
      const terminal = (await (await jupyter.fetch('POST', '/api/terminals', {})).json()) as Model;
      const addresses = [`/api/kernels/${kernel.id}`, `/api/terminals/${terminal.name}`];
      for (const who of ['vera', 'edda', 'tina'] as const) {
        for (const path of addresses) expect(await status(who, 'GET', path), `${who} ${path}`).to.equal(404);
        expect(await handshake(gate.url, channels(kernel.id), tokens.get(who))).to.equal(404);
        expect(await handshake(gate.url, `/terminals/websocket/${terminal.name}`, tokens.get(who))).to.equal(
          404,
        );
        expect(JSON.stringify(await list(who, '/api/kernels'))).not.to.include(kernel.id);
      }
      for (const path of addresses) expect(await status('fred', 'GET', path)).to.equal(200);
      expect(await runs('fred', kernel.id, 'print("reached")')).to.equal('reached\n');
    });
  });

  describe('large files', () => {
    const text = randomBytes(BIG / 2).toString('hex');

    it('are saved and come back whole', async () => {
      expect(await status('edda', 'PUT', '/api/contents/big.txt', saved(text))).to.equal(201);
      expect((await stat(file('big.txt'))).size).to.equal(BIG);
      const response = await ask('vera', 'GET', '/files/big.txt');
      expect(response.headers.get('content-length')).to.equal(String(BIG));
      expect((await response.text()) === text).to.equal(true);
    });
    it('leave nothing behind when a download is broken off', async () => {
      const controller = new AbortController();
      const response = await fetch(`${gate.url}/files/big.txt`, {
        headers: { authorization: `Bearer ${tokens.get('vera')}` },
        signal: controller.signal,
      });
      const id = response.headers.get('x-request-id') ?? '';
      await response.body?.getReader().read();
      controller.abort();
      await until(
        () => gate.log.some((line) => line.includes(id) && line.includes('"msg":"request"')),
        30_000,
      );
      expect(gate.log.find((line) => line.includes(id) && line.includes('"msg":"request"'))).to.include(
        'CLIENT_GONE',
      );
      expect(await status('vera', 'GET', '/files/t.txt')).to.equal(200);
    });
  });
});

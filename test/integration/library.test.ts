/** The gate as a library: mounted below a prefix of another application, in front of a real Jupyter Server. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import Koa from 'koa';
import { WebSocket } from 'ws';
import { createGate } from '../../src/index.ts';
import type { AppError, AuthorizeQuestion } from '../../src/index.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { eventually } from '../support/forward-servers.ts';
import { openLibraryApp, PREFIX } from '../support/library-app.ts';
import type { LibraryApp } from '../support/library-app.ts';
import { startTokenJupyter } from '../support/token-jupyter.ts';
import type { TokenJupyter } from '../support/token-jupyter.ts';

const TOKEN = 'a-token-of-the-upstream';

describe('a gate mounted in another application', function () {
  this.timeout(120_000);
  let jupyter: TokenJupyter;

  before(async () => {
    jupyter = await startTokenJupyter(TOKEN, { baseUrl: PREFIX });
  });
  after(() => jupyter?.stop());

  const upstream = (): { url: string; token: string } => ({ url: jupyter.origin, token: TOKEN });

  /** Runs `code` in the kernel and gives what it prints. */
  async function run(app: LibraryApp, token: string, kernel: string, code: string): Promise<string> {
    const socket = channels(app, token, kernel);
    await once(socket, 'open');
    const printed = new Promise<string>((resolve) => {
      socket.on('message', (data) => {
        const message = JSON.parse((data as Buffer).toString()) as Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- a kernel message
        if (message['header'].msg_type === 'stream') resolve(message['content'].text);
      });
    });
    const header = {
      msg_id: 'm1',
      session: 's1',
      username: '',
      date: '',
      msg_type: 'execute_request',
      version: '5.3',
    };
    socket.send(
      JSON.stringify({
        header,
        parent_header: {},
        metadata: {},
        channel: 'shell',
        buffers: [],
        content: { code, silent: false },
      }),
    );
    const text = await printed;
    socket.close();
    return text;
  }

  function channels({ url }: LibraryApp, token: string, kernel: string): WebSocket {
    return new WebSocket(`${url.replace('http', 'ws')}${PREFIX}api/kernels/${kernel}/channels`, {
      headers: { authorization: `Bearer ${token}` },
    });
  }

  async function startKernel(app: LibraryApp, token: string): Promise<string> {
    const started = await app.as(token, 'POST', 'api/kernels', {});
    expect(started.status).to.equal(201);
    return ((await started.json()) as { id: string }).id;
  }

  describe('with the policy', () => {
    let app: LibraryApp;
    let ada: string;

    before(async () => {
      app = await openLibraryApp(upstream());
      app.koa.use(app.gate.middleware);
      app.koa.use((ctx) => {
        ctx.body = `the application at ${ctx.path}`;
      });
      app.server.on('upgrade', app.gate.handleUpgrade);
      ada = await app.person('ada', 'temporary');
    });
    after(() => app?.close());

    it('passes on what lies elsewhere', async () => {
      expect(await (await fetch(`${app.url}/hello`)).text()).to.equal('the application at /hello');
      expect(await (await fetch(`${app.url}/jupyterlab`)).text()).to.equal('the application at /jupyterlab');
      expect([PREFIX, `${PREFIX}x?y`, '/jupyter', '/jupyter?x'].map(app.gate.takes)).to.not.include(false);
      expect(['/', '/jupyterlab', '/x/jupyter/'].map(app.gate.takes)).to.not.include(true);
    });

    it('decides on what lies below the prefix', async () => {
      expect((await app.as(undefined, 'GET', 'api/contents')).status).to.equal(401);
      const listing = (await (await app.as(ada, 'GET', 'api/contents')).json()) as {
        content: { name: string }[];
      };
      expect(listing.content.map(({ name }) => name)).to.include.members(['a.ipynb', 'pub']);
      const refused = await app.as(ada, 'PUT', 'api/contents/x.txt', {
        type: 'file',
        format: 'text',
        content: 'x',
      });
      expect([refused.status, ((await refused.json()) as { code: string }).code]).to.deep.equal([
        403,
        'DENIED_BY_POLICY',
      ]);
    });

    it('shows its own pages below the prefix', async () => {
      const page = await fetch(`${app.url}${PREFIX}lab`, {
        redirect: 'manual',
        headers: { accept: 'text/html' },
      });
      expect([page.status, page.headers.get('location')]).to.deep.equal([
        302,
        `${PREFIX}gate/login?next=${encodeURIComponent(`${PREFIX}lab`)}`,
      ]);
      const link = new URL((await app.gate.signInLink()) ?? '');
      expect(link.href).to.match(new RegExp(`^${app.gate.url}gate/login\\?link=`));
      const named = await fetch(link, { headers: { accept: 'text/html' } });
      expect(await named.text()).to.contain('<form');
    });

    it('runs code over the WebSocket', async () => {
      const kernel = await startKernel(app, ada);
      expect(await run(app, ada, kernel, 'print(6 * 7)')).to.equal('42\n');
      const bob = await app.person('bob', 'temporary');
      const refused = channels(app, bob, kernel);
      const [error] = (await once(refused, 'error')) as [Error];
      expect(error.message).to.match(/40[34]/);
      expect((await app.as(ada, 'DELETE', `api/kernels/${kernel}`)).status).to.equal(204);
    });

    it('sees the whole target where the application cut the prefix off', async () => {
      const target = `${PREFIX}api/contents/pub/b.ipynb`;
      const cut = (request: IncomingMessage): void => {
        request.url = `/${(request.url ?? '').slice(PREFIX.length)}`;
      };
      const outer = new Koa();
      outer.use(async (ctx, next) => {
        cut(ctx.req);
        await next();
      });
      const koa = outer.use(app.gate.middleware).callback();
      const mounts: Record<string, (request: IncomingMessage, response: ServerResponse) => void> = {
        'as Koa does': (request, response) => void koa(request, response),
        'as Express does': (request, response) => {
          Object.assign(request, { originalUrl: request.url });
          cut(request);
          void app.gate.handleRequest(request, response);
        },
      };
      for (const [name, mount] of Object.entries(mounts)) {
        const other = createServer(mount).listen(0, '127.0.0.1');
        await once(other, 'listening');
        const reply = await fetch(`http://127.0.0.1:${(other.address() as AddressInfo).port}${target}`, {
          headers: { authorization: `Bearer ${ada}` },
        });
        expect(reply.status, name).to.equal(200);
        expect(await reply.json(), name).to.include({ path: 'pub/b.ipynb' });
        other.closeAllConnections();
        other.close();
      }
    });

    it('refuses a request whose body was read before', async () => {
      const outer = new Koa();
      outer.use(async (ctx, next) => {
        for await (const chunk of ctx.req) void chunk;
        await next();
      });
      outer.use(app.gate.middleware);
      const other = outer.listen(0, '127.0.0.1');
      await once(other, 'listening');
      const reply = await fetch(
        `http://127.0.0.1:${(other.address() as AddressInfo).port}${PREFIX}api/kernels`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${ada}`, 'content-type': 'application/json' },
          body: '{}',
        },
      );
      expect([reply.status, ((await reply.json()) as { code: string }).code]).to.deep.equal([
        500,
        'BODY_CONSUMED',
      ]);
      other.closeAllConnections();
      other.close();
    });
  });

  describe('with an authorize function', () => {
    let app: LibraryApp;
    let ada: string;
    let bob: string;
    let asked: AuthorizeQuestion[] = [];
    /** What the function says at the moment. */
    let decide: (question: AuthorizeQuestion) => boolean | Promise<boolean>;

    before(async () => {
      app = await openLibraryApp(upstream(), {
        authorize: (_user, _action, _resource, question) => {
          asked.push(question);
          return decide(question);
        },
        authorizeTimeout: 300,
      });
      app.koa.use(app.gate.middleware);
      app.server.on('upgrade', app.gate.handleUpgrade);
      ada = await app.person('ada');
      bob = await app.person('bob', 'full');
    });
    after(() => app?.close());
    beforeEach(() => {
      asked = [];
      decide = () => true;
    });

    const codeOf = async (reply: Response): Promise<string> =>
      ((await reply.json()) as { code: string }).code;

    it('takes its answer instead of the policy', async () => {
      expect((await app.as(ada, 'GET', 'api/contents/a.ipynb')).status).to.equal(200);
      expect(asked[0]).to.include({ sub: 'ada', act: 'read', res: 'contents', path: '/a.ipynb' });
      decide = () => false;
      const refused = await app.as(bob, 'GET', 'api/contents/a.ipynb');
      expect([refused.status, await codeOf(refused)]).to.deep.equal([403, 'DENIED_BY_HOOK']);
    });

    it('refuses when it throws or is late', async () => {
      decide = () => {
        throw new Error('no database');
      };
      expect(await codeOf(await app.as(ada, 'GET', 'api/contents'))).to.equal('DENIED_HOOK_FAILED');
      decide = () => new Promise(() => {});
      expect(await codeOf(await app.as(ada, 'GET', 'api/contents'))).to.equal('DENIED_HOOK_FAILED');
    });

    it('asks it about each entry of a listing', async () => {
      decide = ({ path, act }) => (act === 'read' ? path !== '/a.ipynb' : path === '/t.txt');
      const { content } = (await (await app.as(ada, 'GET', 'api/contents')).json()) as {
        content: { name: string; writable: boolean }[];
      };
      const shown = Object.fromEntries(content.map(({ name, writable }) => [name, writable]));
      expect(shown).to.include({ pub: false, 't.txt': true });
      expect(shown).to.not.have.property('a.ipynb');
    });

    it("keeps other people's kernels from it, and the admin API", async () => {
      const kernel = await startKernel(app, ada);
      asked = [];
      expect((await app.as(bob, 'GET', `api/kernels/${kernel}`)).status).to.equal(404);
      expect(asked).to.deep.equal([]);
      expect((await app.admin('GET', '/users')).status).to.equal(200);
      expect(asked).to.deep.equal([]);
      await app.as(ada, 'DELETE', `api/kernels/${kernel}`);
    });

    it('asks it again about sockets that are open', async () => {
      const kernel = await startKernel(app, ada);
      const socket = channels(app, ada, kernel);
      await once(socket, 'open');
      const closed = once(socket, 'close');
      decide = () => false;
      await app.admin('PUT', '/users/bob/roles/role:viewer');
      await closed;
      decide = () => true;
      await app.as(ada, 'DELETE', `api/kernels/${kernel}`);
    });
  });

  it('leaves nothing when it is closed', async () => {
    const program = join(packageRoot(), 'test', 'support', 'library-once.ts');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', program, jupyter.origin, TOKEN],
      { cwd: packageRoot(), timeout: 60_000 },
    );
    expect(stdout).to.equal('answered 200\n');
  });

  it('goes on serving the application when it is closed, and answers 503 itself', async () => {
    const app = await openLibraryApp(upstream());
    app.koa.use(app.gate.middleware);
    app.koa.use((ctx) => {
      ctx.body = 'the application';
    });
    await app.gate.close();
    expect(await (await fetch(`${app.url}/hello`)).text()).to.equal('the application');
    expect((await app.as(undefined, 'GET', 'api/contents')).status).to.equal(503);
    await app.close();
    await eventually(() => void expect(app.server.listening).to.equal(false));
  });

  it('names everything that is wrong with its options', async () => {
    const wrong = { data: '', publicUrls: [], basePath: 'x', databse: 'y', upstream: { url: 'ftp://x' } };
    const error = (await createGate(wrong as unknown as Parameters<typeof createGate>[0]).catch(
      (thrown: unknown) => thrown,
    )) as AppError;
    expect(error.code).to.equal('CONFIG_INVALID');
    expect(error.problems.map(({ at }) => at)).to.include.members([
      'data',
      'publicUrls',
      'basePath',
      'databse',
      'upstream.url',
    ]);
  });
});

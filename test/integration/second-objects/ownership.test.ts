/** Kernels, terminals and sockets belong to who started them, also when names and ids are chosen to meet. */
import { once } from 'node:events';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { createReconciler } from '../../../src/gate/reconcile-objects.ts';
import { handshake } from '../../support/jupyter-sockets.ts';
import { openStage } from '../../support/presenting.ts';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';
import { startTokenJupyter } from '../../support/token-jupyter.ts';

describe('ownership', function () {
  this.timeout(120_000);
  let gate: RunningGate;
  let ada: string;
  let bob: string;
  let fay: string;
  const open: WebSocket[] = [];

  before(async () => {
    gate = await startGate();
    [ada, bob] = [await gate.person('ada', 'full'), await gate.person('bob', 'full')];
    fay = await gate.person('fay', 'full');
    // ada's kernels are shared with bob on purpose
    const shared = {
      sub: 'bob',
      res: 'kernels|channels',
      act: 'read|execute',
      path: '**',
      cond: "r.own == 'ada'",
    };
    expect((await gate.admin('POST', '/rules', { fields: shared })).status).to.equal(201);
  });
  after(async () => {
    for (const socket of open) socket.terminate();
    await gate?.stop();
  });

  const json = async <T>(token: string, method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await gate.as(token, method, path, body);
    expect(answer.status, `${method} ${path}`).to.be.within(200, 299);
    return (await answer.json()) as T;
  };
  const channels = async (token: string, kernel: string, session: string): Promise<WebSocket> => {
    const url = `${gate.url.replace('http', 'ws')}/api/kernels/${kernel}/channels?session_id=${session}`;
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } });
    open.push(socket);
    await once(socket, 'open');
    return socket;
  };
  const request = (type: string, content: object) => ({
    channel: 'shell',
    header: {
      msg_id: `${type}-${Math.random()}`,
      msg_type: type,
      session: 'same',
      username: '',
      version: '5.3',
      date: new Date().toISOString(),
    },
    parent_header: {},
    metadata: {},
    content,
  });
  /** The reply on the shell channel, which goes to the asking connection alone. */
  const reply = async (socket: WebSocket, message: ReturnType<typeof request>): Promise<unknown> =>
    new Promise((resolve, reject) => {
      socket.on('close', () => reject(new Error('the socket was closed')));
      socket.on('message', (data: Buffer) => {
        const {
          channel,
          parent_header: parent,
          content,
        } = JSON.parse(data.toString()) as {
          channel: string;
          parent_header: { msg_id?: string };
          content: unknown;
        };
        if (channel === 'shell' && parent.msg_id === message.header.msg_id) resolve(content);
      });
      socket.send(JSON.stringify(message));
    });

  it('keeps the connection of one person from another who names the same session_id', async () => {
    const { id } = await json<{ id: string }>(ada, 'POST', '/api/kernels', { name: 'python3' });
    const first = await channels(ada, id, 'same');
    const channelsOf = `/api/kernels/${id}/channels?session_id=same`;
    expect(await handshake(gate.url, channelsOf, bob)).to.equal(409);
    const second = await channels(bob, id, 'another');
    const code = { code: '6 * 7', silent: false, store_history: false, user_expressions: {} };
    expect(await reply(first, request('execute_request', code))).to.include({ status: 'ok' });
    expect(await reply(second, request('execute_request', code))).to.include({ status: 'ok' });
    // Jupyter lets the same person replace their own: the id still does its work.
    const closed = once(first, 'close');
    await channels(ada, id, 'same');
    await closed;
    expect(second.readyState).to.equal(WebSocket.OPEN);
    await gate.as(ada, 'DELETE', `/api/kernels/${id}`);
  });

  it('gives a terminal to nobody by its name', async () => {
    const { name } = await json<{ name: string }>(ada, 'POST', '/api/terminals', {});
    const another = await json<{ name: string }>(bob, 'POST', '/api/terminals', { name });
    expect(another.name).to.not.equal(name);
    const listed = await json<{ name: string }[]>(ada, 'GET', '/api/terminals');
    expect(listed.map((terminal) => terminal.name)).to.deep.equal([name]);
    expect((await gate.as(bob, 'DELETE', `/api/terminals/${name}`)).status).to.equal(404);
    expect((await gate.as(ada, 'DELETE', `/api/terminals/${name}`)).status).to.equal(204);
    expect((await gate.as(bob, 'DELETE', `/api/terminals/${another.name}`)).status).to.equal(204);
  });

  it('gives two people who open a terminal at once two terminals', async () => {
    const started = await Promise.all(
      [ada, bob, fay].map((token) => json<{ name: string }>(token, 'POST', '/api/terminals', {})),
    );
    expect(new Set(started.map(({ name }) => name)).size).to.equal(3);
    for (const [at, token] of [ada, bob, fay].entries()) {
      const mine = await json<{ name: string }[]>(token, 'GET', '/api/terminals');
      expect(mine.map(({ name }) => name)).to.deep.equal([started[at]?.name]);
      await gate.as(token, 'DELETE', `/api/terminals/${started[at]?.name}`);
    }
  });

  it('is recorded for a terminal that a page of the classic notebook starts', async () => {
    expect((await gate.as(fay, 'GET', '/terminals/paged')).status).to.equal(200);
    expect(await json<{ name: string }[]>(fay, 'GET', '/api/terminals')).to.have.length(1);
    expect(await json<unknown[]>(bob, 'GET', '/api/terminals')).to.deep.equal([]);
    expect((await gate.as(bob, 'GET', '/terminals/paged')).status).to.equal(404);
    await gate.as(fay, 'DELETE', '/api/terminals/paged');
  });

  it("is a session and a kernel of one's own on a notebook that somebody else has open", async () => {
    await gate.writeNotebook('shared.ipynb', '1');
    interface Session {
      readonly id: string;
      readonly path: string;
      readonly kernel: { readonly id: string };
    }
    const classic = {
      path: 'shared.ipynb',
      name: '',
      type: 'notebook',
      kernel: { id: null, name: 'python3' },
    };
    const hers = await json<Session>(fay, 'POST', '/api/sessions', classic);
    const his = await json<Session>(bob, 'POST', '/api/sessions', classic);
    expect(his.path).to.equal('shared.ipynb');
    expect([his.id === hers.id, his.kernel.id === hers.kernel.id]).to.deep.equal([false, false]);
    // As the classic notebook does when its page is loaded again.
    expect((await json<Session>(bob, 'POST', '/api/sessions', classic)).id).to.equal(his.id);
    // As JupyterLab does: a path nobody has, and then the notebook's.
    const lab = { ...classic, path: '7d9b1c8e-53b1-4f0e-b1c6-c2f4be7f9a44', name: 'shared.ipynb' };
    const third = await json<Session>(ada, 'POST', '/api/sessions', lab);
    const named = await json<Session>(ada, 'PATCH', `/api/sessions/${third.id}`, { path: 'shared.ipynb' });
    expect(named.kernel.id).to.equal(third.kernel.id);
    expect(new Set([hers, his, named].map(({ kernel }) => kernel.id)).size).to.equal(3);
    for (const [token, mine] of [
      [fay, hers],
      [bob, his],
      [ada, named],
    ] as const) {
      const seen = await json<Session[]>(token, 'GET', '/api/sessions');
      expect(seen.map(({ id }) => id)).to.deep.equal([mine.id]);
    }
    expect((await gate.as(bob, 'DELETE', `/api/sessions/${hers.id}`)).status).to.equal(404);
    for (const [token, { id }] of [
      [fay, hers],
      [bob, his],
      [ada, named],
    ] as const)
      expect((await gate.as(token, 'DELETE', `/api/sessions/${id}`)).status).to.equal(204);
  });

  it('of a kernel that is shared does not pass to who may run on it', async () => {
    const { id } = await json<{ id: string }>(ada, 'POST', '/api/kernels', { name: 'python3' });
    const attach = { path: 'b.ipynb', name: 'b', type: 'notebook', kernel: { id } };
    const session = await json<{ id: string }>(bob, 'POST', '/api/sessions', attach);
    const at = `/api/sessions/${session.id}`;
    expect((await gate.as(bob, 'DELETE', at)).status).to.equal(403);
    expect((await gate.as(bob, 'PATCH', at, { kernel: { name: 'python3' } })).status).to.equal(403);
    expect((await gate.as(bob, 'PATCH', at, { path: 'c.ipynb' })).status).to.equal(200);
    expect((await gate.as(ada, 'GET', `/api/kernels/${id}`)).status).to.equal(200);
    expect((await gate.as(ada, 'DELETE', `/api/kernels/${id}`)).status).to.equal(204);
  });

  it('is of a kernel that never was when the server refuses to start one', async () => {
    const refused = await gate.as(fay, 'POST', '/api/kernels', { name: 'no-such-spec' });
    expect(refused.status).to.be.within(400, 599);
    expect(await json<unknown[]>(fay, 'GET', '/api/kernels')).to.deep.equal([]);
  });

  it('leaves no session behind on a kernel that may be run on and not be seen', async () => {
    const blind = await gate.person('eli', 'temporary');
    const fields = { sub: 'eli', res: 'kernels', act: 'execute', path: '**', cond: "r.own == 'ada'" };
    expect((await gate.admin('POST', '/rules', { fields })).status).to.equal(201);
    const started = { path: 'blind.txt', type: 'file', kernel: { name: 'python3' } };
    const own = await json<{ id: string; kernel: { id: string } }>(ada, 'POST', '/api/sessions', started);
    const before = await json<object[]>(ada, 'GET', '/api/sessions');
    const attaching = { path: 'other.txt', type: 'file', kernel: { id: own.kernel.id } };
    expect((await gate.as(blind, 'POST', '/api/sessions', attaching)).status).to.equal(404);
    expect(await json<object[]>(ada, 'GET', '/api/sessions')).to.have.length(before.length);
    await gate.as(ada, 'DELETE', `/api/sessions/${own.id}`);
  });

  it('lets nobody attach to the kernel of somebody else by a session', async () => {
    const { id } = await json<{ id: string }>(fay, 'POST', '/api/kernels', { name: 'python3' });
    const session = { path: 'x.ipynb', name: 'x', type: 'notebook', kernel: { id } };
    expect((await gate.as(ada, 'POST', '/api/sessions', session)).status).to.equal(404);
    const own = await json<{ id: string }>(ada, 'POST', '/api/sessions', {
      ...session,
      kernel: { name: 'python3' },
    });
    const change = await gate.as(ada, 'PATCH', `/api/sessions/${own.id}`, { kernel: { id } });
    expect(change.status).to.equal(404);
    expect((await gate.as(fay, 'GET', `/api/kernels/${id}`)).status).to.equal(200);
    await gate.as(ada, 'DELETE', `/api/sessions/${own.id}`);
    await gate.as(fay, 'DELETE', `/api/kernels/${id}`);
  });

  it('ends with the kernel, however that ended', async () => {
    const jupyter = await startTokenJupyter('gateS3cretReconcile');
    const later = { now: () => Date.now() + 60_000 };
    const stage = await openStage();
    const { objects: registry } = stage.store;
    const ask = async (method: string, target: string) => {
      const response = await jupyter.fetch(method, target);
      return { status: response.status, body: (await response.json()) as unknown };
    };
    const failures: unknown[] = [];
    const deps = { forwarder: { ask }, registry, clock: later, baseUrl: '/', intervalMs: 3_600_000 };
    try {
      const started = await jupyter.fetch('POST', '/api/kernels', { name: 'python3' });
      const { id } = (await started.json()) as { id: string };
      for (const kernel of [id, 'gone'])
        await registry.record({ kind: 'kernel', id: kernel, path: '', kernelId: null, owner: 'ada' });
      await registry.record({ kind: 'terminal', id: '1', path: '', kernelId: null, owner: 'ada' });
      const reconciler = createReconciler({ ...deps, onFailure: (error) => failures.push(error) });
      await reconciler.run();
      expect(registry.all('kernel').map((kernel) => kernel.id)).to.deep.equal([id]);
      expect(registry.all('terminal')).to.deep.equal([]);
      await jupyter.fetch('DELETE', `/api/kernels/${id}`);
      await reconciler.run();
      expect(registry.all('kernel')).to.deep.equal([]);
      reconciler.stop();
      expect(failures).to.deep.equal([]);
    } finally {
      await jupyter.stop();
      await stage.close();
    }
  });

  it('is forgotten only when the server says so', async () => {
    const stage = await openStage();
    const { objects: registry } = stage.store;
    await registry.record({ kind: 'kernel', id: 'k', path: '', kernelId: null, owner: 'ada' });
    const failures: unknown[] = [];
    const reconciler = createReconciler({
      forwarder: { ask: () => Promise.resolve({ status: 503, body: undefined }) },
      registry,
      clock: { now: () => Date.now() + 60_000 },
      baseUrl: '/',
      intervalMs: 3_600_000,
      onFailure: (error) => failures.push(error),
    });
    await reconciler.run().catch(() => undefined);
    reconciler.stop();
    expect(registry.lookup('kernel', 'k')).to.include({ owner: 'ada' });
    expect(failures).to.have.length(1);
    await stage.close();
  });
});

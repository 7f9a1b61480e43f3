/** The client that JupyterLab and others are built on, `@jupyterlab/services`, with a URL and a token as to any Jupyter Server. */
import { expect } from 'chai';
import { PageConfig } from '@jupyterlab/coreutils';
import { KernelManager, ServerConnection, ServiceManager } from '@jupyterlab/services';
import type { Contents, Event, Kernel, KernelMessage } from '@jupyterlab/services';
import { WebSocket } from 'ws';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';
import { until } from '../support/store/until.ts';

const PATIENCE = 60_000;
const THEMES = '@jupyterlab/apputils-extension:themes';
/** Everything but the files of others. */
const NEIGHBOUR = [
  { res: 'contents|checkpoints|files', act: 'read|write', path: '/home/{user}/**' },
  { res: 'events|api|kernelspecs|settings|workspaces|config', act: 'read', path: '**' },
  { res: 'kernels|sessions|terminals', act: 'read', path: '**', cond: "r.own == '' || r.own == r.sub" },
];

interface Client {
  readonly manager: ServiceManager;
  readonly settings: ServerConnection.ISettings;
  dispose(): void;
}

describe('@jupyterlab/services through the gate', function () {
  this.timeout(180_000);
  let gate: RunningGate;
  let full: Client;
  const clients: Client[] = [];

  before(async () => {
    gate = await startGate();
    // What a page of JupyterLab says of itself to its client.
    PageConfig.setOption('terminalsAvailable', 'true');
    await gate.writeNotebook('pub/open.ipynb', 'print(6 * 7)');
    for (const name of ['anna', 'bert']) await gate.writeNotebook(`home/${name}/notes.ipynb`, '1');
    await gate.admin('POST', '/roles', { name: 'neighbour' });
    for (const fields of NEIGHBOUR)
      await gate.admin('POST', '/rules', { fields: { sub: 'role:neighbour', ...fields } });
    full = await clientOf('finn', 'full');
  });
  after(async () => {
    for (const client of clients) client.dispose();
    await gate?.stop();
    PageConfig.setOption('terminalsAvailable', '');
  });

  async function clientOf(name: string, ...roles: string[]): Promise<Client> {
    const settings = ServerConnection.makeSettings({
      baseUrl: `${gate.url}/`,
      appUrl: 'lab',
      token: await gate.person(name, ...roles),
      WebSocket: WebSocket as unknown as ServerConnection.ISettings['WebSocket'],
    });
    const manager = new ServiceManager({ serverSettings: settings, standby: 'never' });
    const dispose = (): void => {
      manager.dispose();
      for (const part of [manager.kernels, manager.kernelspecs, manager.user]) part.dispose();
    };
    const client = { manager, settings, dispose };
    clients.push(client);
    await manager.ready;
    return client;
  }

  async function run(kernel: Kernel.IKernelConnection, code: string): Promise<string> {
    let printed = '';
    const future = kernel.requestExecute({ code });
    future.onIOPub = (message) => {
      if (message.header.msg_type === 'stream') printed += (message as KernelMessage.IStreamMsg).content.text;
    };
    await future.done;
    return printed;
  }

  const statusOf = (work: Promise<unknown>): Promise<number> =>
    work.then(
      () => 200,
      (error: unknown) => (error as ServerConnection.ResponseError).response?.status ?? 0,
    );

  it('manages contents: list, get, save, rename, checkpoints, delete', async () => {
    const { contents } = full.manager;
    const directory: Contents.IModel = await contents.get('pub');
    expect(directory.content.map((child: Contents.IModel) => child.name)).to.include('open.ipynb');
    expect(await contents.get('pub/open.ipynb')).to.include({ type: 'notebook', writable: true });
    const saved = await contents.save('pub/note.txt', { type: 'file', format: 'text', content: 'one' });
    expect(saved.path).to.equal('pub/note.txt');
    const checkpoint = await contents.createCheckpoint('pub/note.txt');
    await contents.save('pub/note.txt', { type: 'file', format: 'text', content: 'two' });
    expect((await contents.listCheckpoints('pub/note.txt')).map(({ id }) => id)).to.deep.equal([
      checkpoint.id,
    ]);
    await contents.restoreCheckpoint('pub/note.txt', checkpoint.id);
    expect((await contents.get('pub/note.txt')).content).to.equal('one');
    await contents.deleteCheckpoint('pub/note.txt', checkpoint.id);
    expect((await contents.rename('pub/note.txt', 'pub/renamed.txt')).path).to.equal('pub/renamed.txt');
    expect((await contents.copy('pub/renamed.txt', 'home')).path).to.equal('home/renamed.txt');
    const created = await contents.newUntitled({ path: 'pub', type: 'file', ext: '.md' });
    expect(created.path).to.match(/^pub\/untitled\d*\.md$/);
    await contents.delete('pub/renamed.txt');
    expect(await statusOf(contents.get('pub/renamed.txt'))).to.equal(404);
    expect(await contents.getDownloadUrl('pub/open.ipynb')).to.include('/files/pub/open.ipynb');
  });

  it('opens a session, runs in it, renames, lists and ends it', async () => {
    const { sessions } = full.manager;
    const session = await sessions.startNew({
      path: 'pub/open.ipynb',
      name: 'open.ipynb',
      type: 'notebook',
      kernel: { name: 'python3' },
    });
    expect(await run(session.kernel as Kernel.IKernelConnection, 'print(6 * 7)')).to.equal('42\n');
    await session.setPath('pub/other.ipynb');
    await session.setName('other.ipynb');
    await sessions.refreshRunning();
    expect([...sessions.running()].map(({ path, name }) => [path, name])).to.deep.include([
      'pub/other.ipynb',
      'other.ipynb',
    ]);
    await session.shutdown();
    await sessions.refreshRunning();
    expect([...sessions.running()]).to.deep.equal([]);
  });

  it('starts a kernel, runs, interrupts, restarts, reconnects and ends it', async () => {
    const { kernels } = full.manager;
    const kernel = await kernels.startNew({ name: 'python3' });
    expect(await run(kernel, 'a = 1; print("started")')).to.equal('started\n');
    const endless = kernel.requestExecute({
      code: 'import time\nprint("on", flush=True)\nwhile True: time.sleep(0.05)',
    });
    // A kernel says that it is busy before it can be interrupted: an interrupt in between is lost.
    await new Promise<void>((resolve) => {
      endless.onIOPub = ({ header }) => {
        if (header.msg_type === 'stream') resolve();
      };
    });
    await kernel.interrupt();
    expect((await endless.done).content.status).to.equal('error');
    await kernel.reconnect();
    expect(await run(kernel, 'print(a)')).to.equal('1\n');
    await kernel.restart();
    expect(await run(kernel, 'print("a" in globals())')).to.equal('False\n');
    await kernel.shutdown();
    await kernels.refreshRunning();
    expect([...kernels.running()]).to.deep.equal([]);
  });

  it('inspects what runs, as an editor of notebooks does', async () => {
    const kernel = await full.manager.kernels.startNew({ name: 'python3' });
    const info = await kernel.info;
    expect(info.language_info.name).to.equal('python');
    const { content } = await kernel.requestInspect({ code: 'print', cursor_pos: 5, detail_level: 0 });
    expect(content).to.include({ status: 'ok', found: true });
    await kernel.shutdown();
  });

  it('lists the kernelspecs', async () => {
    expect(full.manager.kernelspecs.specs?.default).to.equal('python3');
    expect(full.manager.kernelspecs.specs?.kernelspecs).to.have.property('python3');
  });

  it('opens a terminal, types into it and ends it', async () => {
    const { terminals } = full.manager;
    const terminal = await terminals.startNew();
    let shown = '';
    terminal.messageReceived.connect((_, message) => {
      if (message.type === 'stdout') shown += (message.content ?? []).join('');
    });
    await until(() => terminal.connectionStatus === 'connected', PATIENCE);
    terminal.send({ type: 'stdin', content: ['echo $((6 * 7))-here\r'] });
    await until(() => shown.includes('42-here'), PATIENCE);
    await terminals.refreshRunning();
    expect([...terminals.running()].map(({ name }) => name)).to.deep.equal([terminal.name]);
    await terminals.shutdown(terminal.name);
    await terminals.refreshRunning();
    expect([...terminals.running()]).to.deep.equal([]);
  });

  it('keeps settings for each person', async () => {
    const other = await clientOf('vera', 'viewer');
    const raw = '{ "theme": "JupyterLab Dark" }';
    expect((await full.manager.settings.list('ids')).ids).to.include(THEMES);
    await full.manager.settings.save(THEMES, raw);
    expect((await full.manager.settings.fetch(THEMES)).raw).to.equal(raw);
    expect((await other.manager.settings.fetch(THEMES)).raw).not.to.include('JupyterLab Dark');
    await other.manager.settings.save(THEMES, '{}');
    expect((await full.manager.settings.fetch(THEMES)).raw).to.equal(raw);
  });

  it('keeps workspaces for each person', async () => {
    const other = await clientOf('wim', 'viewer');
    const workspace = { data: { 'layout-restorer:data': { main: null } }, metadata: { id: 'default' } };
    await full.manager.workspaces.save('default', workspace);
    expect((await full.manager.workspaces.fetch('default')).data).to.deep.equal(workspace.data);
    expect((await full.manager.workspaces.list()).ids).to.deep.equal(['default']);
    expect((await other.manager.workspaces.list()).ids).to.deep.equal([]);
    await full.manager.workspaces.remove('default');
    expect((await full.manager.workspaces.list()).ids).to.deep.equal([]);
  });

  it('tells who is signed in and what they may', async () => {
    const viewer = await clientOf('vito', 'viewer');
    const permissions = encodeURIComponent(
      JSON.stringify({ contents: ['read', 'write'], kernels: ['execute'] }),
    );
    // The user manager itself wants a browser's storage.
    const me = async ({ settings }: Client) => {
      const url = `${settings.baseUrl}api/me?permissions=${permissions}`;
      const response = await ServerConnection.makeRequest(url, {}, settings);
      return (await response.json()) as { identity: object; permissions: object };
    };
    const [mine, theirs] = [await me(full), await me(viewer)];
    expect(mine.identity).to.include({ username: 'finn', name: 'finn' });
    expect(mine.permissions).to.deep.include({ contents: ['read', 'write'], kernels: ['execute'] });
    expect(theirs.identity).to.include({ username: 'vito' });
    expect(theirs.permissions).to.deep.include({ contents: ['read'], kernels: [] });
  });

  it('hears of the files a person may read, and of no others', async () => {
    const [anna, bert, all] = [
      await clientOf('anna', 'neighbour'),
      await clientOf('bert', 'neighbour'),
      full,
    ];
    const heard = new Map<Client, string[]>([anna, bert, all].map((client) => [client, []]));
    for (const [client, paths] of heard) {
      client.manager.events.stream.connect((_, event: Event.Emission) => {
        if (typeof event['path'] === 'string') paths.push(event['path']);
      });
    }
    const save = ({ manager }: Client, path: string): Promise<unknown> =>
      manager.contents.save(path, { type: 'file', format: 'text', content: 'x' });
    // The sockets are opening: the first events that arrive say that they are open.
    await openWith(anna, () => save(anna, 'home/anna/open.txt'), 'home/anna/open.txt');
    await openWith(bert, () => save(bert, 'home/bert/open.txt'), 'home/bert/open.txt');
    await save(bert, 'home/bert/private.txt');
    await save(anna, 'home/anna/own.txt');
    await until(() => heard.get(anna)?.includes('home/anna/own.txt') === true, PATIENCE);
    await until(() => heard.get(all)?.includes('home/bert/private.txt') === true, PATIENCE);
    expect(heard.get(anna)?.filter((path) => !path.startsWith('home/anna/'))).to.deep.equal([]);
    expect(heard.get(bert)?.filter((path) => !path.startsWith('home/bert/'))).to.deep.equal([]);
    expect(await statusOf(anna.manager.contents.get('home/bert/private.txt'))).to.equal(403);

    async function openWith(client: Client, again: () => Promise<unknown>, path: string): Promise<void> {
      const end = Date.now() + PATIENCE;
      while (heard.get(client)?.includes(path) !== true) {
        if (Date.now() > end) throw new Error('no event came');
        await again();
        await until(() => heard.get(client)?.includes(path) === true, 500).catch(() => undefined);
      }
    }
  });

  it('is refused with a message where the policy refuses', async () => {
    const viewer = await clientOf('vic', 'viewer');
    const model = { type: 'file', format: 'text', content: 'x' } as const;
    const error: Error = await viewer.manager.contents.save('pub/open.ipynb', model).then(
      () => new Error('saved'),
      (refused: Error) => refused,
    );
    expect(error.message).to.include('no rule gives you the right');
    expect(await statusOf(viewer.manager.kernels.startNew({ name: 'python3' }))).to.equal(403);
  });

  it('sees no kernel of another client with the same rights', async () => {
    const other = await clientOf('fred', 'full');
    const kernel = await full.manager.kernels.startNew({ name: 'python3' });
    const kernels = new KernelManager({ serverSettings: other.settings, standby: 'never' });
    await kernels.ready;
    expect([...kernels.running()]).to.deep.equal([]);
    expect(await kernels.findById(kernel.id)).to.equal(undefined);
    kernels.dispose();
    await kernel.shutdown();
  });
});

/** Kernel messages through the gate on a real kernel: who owns it runs, who watches sees, and nothing of theirs gets through. */
import { once } from 'node:events';
import { expect } from 'chai';
import { connectKernel, executeContent, headerOf, namesOf } from '../../support/kernel-client.ts';
import type { KernelClient, KernelClientOptions } from '../../support/kernel-client.ts';
import { delay } from '../../support/forward-servers.ts';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';

describe('watching a kernel', function () {
  this.timeout(120_000);
  let gate: RunningGate;
  let owner: KernelClient;
  let kernel: string;
  let ownersToken: string;
  let token: string;
  const open: KernelClient[] = [];

  before(async () => {
    gate = await startGate();
    await gate.writeNotebook('pub/shared.ipynb', 'print(6 * 7)');
    ownersToken = await gate.person('olga', 'temporary');
    token = await gate.person('wim', 'watcher');
    const started = await gate.as(ownersToken, 'POST', '/api/sessions', {
      path: 'pub/shared.ipynb',
      type: 'notebook',
      name: '',
      kernel: { name: 'python3' },
    });
    expect(started.status).to.equal(201);
    kernel = ((await started.json()) as { kernel: { id: string } }).kernel.id;
    owner = await connect({ token: ownersToken });
    expect(await owner.run('x = 40; print(x + 2)')).to.equal('42\n');
  });
  after(async () => {
    for (const client of open) client.socket.terminate();
    await gate?.stop();
  });

  async function connect(options: Partial<KernelClientOptions> = {}): Promise<KernelClient> {
    const client = await connectKernel({ url: gate.url, token, kernel, ...options });
    open.push(client);
    return client;
  }

  it('shows the kernel, its session and its notebook over HTTP, and changes none of them', async () => {
    expect((await gate.as(token, 'GET', `/api/kernels/${kernel}`)).status).to.equal(200);
    const sessions = (await (await gate.as(token, 'GET', '/api/sessions')).json()) as { path: string }[];
    expect(sessions.map(({ path }) => path)).to.deep.equal(['pub/shared.ipynb']);
    expect((await gate.as(token, 'POST', `/api/kernels/${kernel}/interrupt`)).status).to.equal(403);
    expect((await gate.as(token, 'DELETE', `/api/kernels/${kernel}`)).status).to.equal(403);
  });

  for (const framing of ['v1', 'legacy'] as const) {
    describe(`in ${framing} framing`, () => {
      let watcher: KernelClient;
      before(async () => {
        watcher = await connect({ framing });
      });

      it('answers what every frontend asks first', async () => {
        const info = await watcher.answer(watcher.say('shell', 'kernel_info_request'));
        expect(namesOf(info)).to.include('shell kernel_info_reply');
        expect(info.find(({ channel }) => channel === 'shell')?.content).to.include({ status: 'ok' });
        const control = await watcher.answer(watcher.say('control', 'kernel_info_request'));
        expect(namesOf(control)).to.include('control kernel_info_reply');
      });

      it('shows the outputs of the owner', async () => {
        const text = `seen in ${framing}`;
        await owner.run(`print('${text}')`);
        await watcher.hear(({ content }) => content['text'] === `${text}\n`, text);
      });

      it('refuses to run code, in the cell and with a sentence, and the kernel never hears of it', async () => {
        const before = await owner.run('print(x)');
        const id = watcher.say('shell', 'execute_request', executeContent('x = 666'));
        const answer = await watcher.answer(id);
        expect(namesOf(answer)).to.deep.equal([
          'iopub status',
          'iopub error',
          'shell execute_reply',
          'iopub status',
        ]);
        expect(answer.map(({ content }) => content['execution_state'] ?? '')).to.deep.equal([
          'busy',
          '',
          '',
          'idle',
        ]);
        const [, error, reply] = answer;
        expect(error?.content['ename']).to.equal('PermissionDenied');
        expect(error?.content['evalue']).to.match(
          /^Running code is not allowed here: .*`execute` on `channels`/,
        );
        expect(reply?.content).to.deep.include({ status: 'error', execution_count: null, payload: [] });
        expect(new Set(answer.map(({ parentHeader }) => parentHeader['msg_id']))).to.deep.equal(
          new Set([id]),
        );
        const kernels = watcher.heard.find(({ header }) => header.msg_type === 'kernel_info_reply');
        expect(new Set(answer.map(({ header }) => header['session']))).to.deep.equal(
          new Set([kernels?.header['session']]),
        );
        expect(await owner.run('print(x)')).to.equal(before);
      });

      it('refuses it on the control channel as well', async () => {
        const answer = await watcher.answer(
          watcher.say('control', 'execute_request', executeContent('x = 667')),
        );
        expect(namesOf(answer)).to.include('control execute_reply');
        expect(await owner.run('print(x)')).to.equal('40\n');
      });

      it('answers the history of the account with nothing', async () => {
        const content = { hist_access_type: 'tail', n: 100, raw: true, output: false };
        const answer = await watcher.answer(watcher.say('shell', 'history_request', content));
        expect(answer.find(({ channel }) => channel === 'shell')?.content).to.deep.equal({
          status: 'ok',
          history: [],
        });
      });

      it('refuses whatever else steers the kernel', async () => {
        const asked = [
          ['shell', 'connect_request'],
          ['control', 'interrupt_request'],
          ['control', 'shutdown_request'],
          ['shell', 'shutdown_request'],
          ['control', 'debug_request'],
          ['control', 'create_subshell_request'],
          ['shell', 'apply_request'],
          ['shell', 'EXECUTE_REQUEST'],
          ['shell', 'execute_request '],
        ] as const;
        for (const [channel, type] of asked) {
          const id = watcher.say(channel, type, {
            ...executeContent('x = 668'),
            restart: true,
            command: 'evaluate',
            seq: 7,
          });
          await watcher.hear(
            ({ parentHeader, content }) =>
              parentHeader['msg_id'] === id && content['execution_state'] === 'idle',
            `idle after ${type}`,
          );
          const reply = watcher.heard.find(
            ({ parentHeader, channel: on }) => parentHeader['msg_id'] === id && on === channel,
          );
          if (type === 'debug_request') expect(reply?.content).to.include({ success: false, request_seq: 7 });
          else if (type.endsWith('_request') && type === type.toLowerCase())
            expect(reply?.content, type).to.include({ status: 'error' });
        }
        const id = watcher.say('shell', 'comm_open', { comm_id: 'c1', target_name: 't', data: {} });
        const closed = await watcher.hear(({ header }) => header.msg_type === 'comm_close', 'comm_close');
        expect([closed.channel, closed.content['comm_id'], closed.parentHeader['msg_id']]).to.deep.equal([
          'iopub',
          'c1',
          id,
        ]);
        expect(await owner.run('print(x)')).to.equal('40\n');
      });

      it('drops what is said on channels that are not for clients', async () => {
        watcher.say('iopub', 'execute_request', executeContent('x = 669'));
        watcher.say('nowhere', 'execute_request', executeContent('x = 670'));
        const id = watcher.say('shell', 'kernel_info_request');
        await watcher.answer(id);
        expect(await owner.run('print(x)')).to.equal('40\n');
      });
    });
  }

  it('passes on one reading of the header, whichever of two keys another parser would take', async () => {
    const watcher = await connect({ framing: 'legacy' });
    const header = JSON.stringify(headerOf('kernel_info_request', 's'));
    const twice = `${header.slice(0, -1)},"msg_type":"execute_request"}`;
    watcher.send(
      `{"channel":"shell","header":${twice},"parent_header":{},"metadata":{},"content":{"code":"x=7"}}`,
    );
    const reply = await watcher.hear(
      ({ header: heard }) => heard.msg_type === 'execute_reply',
      'execute_reply',
    );
    expect(reply.content['status']).to.equal('error');
    const first = `{"msg_type":"execute_request",${header.slice(1)}`;
    watcher.send(
      `{"channel":"shell","header":${first},"parent_header":{},"metadata":{},"content":{"code":"x=7"}}`,
    );
    await watcher.hear(({ header: heard }) => heard.msg_type === 'kernel_info_reply', 'kernel_info_reply');
    expect(await owner.run('print(x)')).to.equal('40\n');
  });

  it('counts the type in the header alone, and takes a missing channel for shell', async () => {
    const watcher = await connect({ framing: 'legacy' });
    const header = headerOf('execute_request', 's');
    watcher.send(
      JSON.stringify({
        header,
        msg_type: 'kernel_info_request',
        parent_header: {},
        metadata: {},
        content: executeContent('x = 8'),
      }),
    );
    expect(namesOf(await watcher.answer(header.msg_id))).to.include('shell execute_reply');
    watcher.send(
      JSON.stringify({ channel: 'shell', msg_type: 'execute_request', content: executeContent('x = 9') }),
    );
    const [code] = (await once(watcher.socket, 'close')) as [number];
    expect(code).to.equal(1007);
    expect(await owner.run('print(x)')).to.equal('40\n');
  });

  it('closes on a frame it cannot read', async () => {
    for (const frame of ['text on a binary protocol', Buffer.alloc(64, 255), Buffer.alloc(0)]) {
      const watcher = await connect();
      watcher.send(frame);
      const [code] = (await once(watcher.socket, 'close')) as [number];
      expect(code).to.equal(1007);
    }
  });

  it('obeys a role that was given or taken away at the next message', async () => {
    const both = await gate.person('wanda', 'watcher');
    const wanda = await connect({ token: both });
    const fields = { sub: 'wanda', res: 'channels', act: 'execute', path: '/pub/**' };
    expect(await wanda.run('print(x)')).to.match(/not allowed/);
    const added = await gate.admin('POST', '/rules', { fields });
    expect(added.status).to.equal(201);
    expect(await wanda.run('print(x)')).to.equal('40\n');
    await gate.admin('DELETE', `/rules/${added.body.id}`);
    expect(await wanda.run('print(x)')).to.match(/not allowed/);
    const closed = once(wanda.socket, 'close');
    await gate.admin('DELETE', '/users/wanda/roles/role:watcher');
    expect((await closed)[0]).to.equal(4403);
  });

  it('takes rules about single messages, also from who was tunnelled before', async () => {
    const closed = once(owner.socket, 'close');
    const fields = {
      sub: 'olga',
      res: 'channels',
      act: 'execute',
      path: '**',
      cond: "r.msg == 'shutdown_request'",
      eft: 'deny',
    };
    const added = await gate.admin('POST', '/rules', { fields });
    expect(added.status).to.equal(201);
    await closed;
    const again = await connect({ token: ownersToken });
    expect(await again.run('print(x)')).to.equal('40\n');
    const answer = await again.answer(again.say('control', 'shutdown_request', { restart: false }));
    expect(answer.find(({ channel }) => channel === 'control')?.content).to.include({ status: 'error' });
    await gate.admin('DELETE', `/rules/${added.body.id}`);
    owner = await connect({ token: ownersToken });
    expect(await owner.run('print(x)')).to.equal('40\n');
  });

  it('lets the owner look on when the right to run has ended, on a socket that stays when it comes back', async () => {
    const give = await gate.admin('PUT', '/users/olga/roles/role:watcher');
    expect(give.status).to.equal(201);
    const closed = once(owner.socket, 'close');
    await gate.admin('DELETE', '/users/olga/roles/role:temporary');
    expect((await closed)[0]).to.equal(4403);
    const downgraded = await connect({ token: ownersToken });
    expect(await downgraded.run('print(x)')).to.match(/not allowed/);
    await gate.admin('PUT', '/users/olga/roles/role:temporary');
    expect(await downgraded.run('print(x)')).to.equal('40\n');
    await gate.admin('DELETE', '/users/olga/roles/role:temporary');
    expect(await downgraded.run('print(x)')).to.match(/not allowed/);
    expect(downgraded.socket.readyState).to.equal(downgraded.socket.OPEN);
    await gate.admin('PUT', '/users/olga/roles/role:temporary');
    await gate.admin('DELETE', '/users/olga/roles/role:watcher');
    owner = await connect({ token: ownersToken });
    expect(await owner.run('print(x)')).to.equal('40\n');
  });

  it('binds a session_id to who used it first', async () => {
    const sessionId = 'olgas-tab';
    const first = await connect({ token: ownersToken, sessionId });
    const refused = await connect({ sessionId }).catch((error: Error) => error.message);
    expect(refused).to.equal('status 409');
    expect(await first.run('print(x)')).to.equal('40\n');
    await first.close();
    const again = await connect({ token: ownersToken, sessionId });
    expect(await again.run('print(x)')).to.equal('40\n');
  });

  it('writes down what was refused', async () => {
    await (await connect()).run('1');
    const wanted = {
      res: 'channels',
      act: 'execute',
      path: '/pub/shared.ipynb',
      own: 'olga',
      code: 'DENIED_BY_POLICY',
    };
    for (;;) {
      const { body } = await gate.admin('GET', '/decisions?subject=wim&limit=100');
      const found = (body.items as { also: string[] }[]).find(
        ({ also }) => also[0] === 'message execute_request',
      );
      if (found !== undefined) return void expect(found).to.include(wanted);
      await delay(100);
    }
  });
});

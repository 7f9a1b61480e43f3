/** Terminals of others on a real Jupyter Server: who may read follows, and types nothing. */
import { once } from 'node:events';
import { expect } from 'chai';
import { handshake, openSocket, type } from '../../support/jupyter-sockets.ts';
import type { Socket } from '../../support/jupyter-sockets.ts';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';
import { until } from '../../support/until.ts';

const NOTICE = 'View only: what you type here is not sent.';

describe('a terminal that may only be read', function () {
  this.timeout(180_000);
  let gate: RunningGate;
  let olga: string;
  let vito: string;
  let path: string;
  let owner: Socket;
  const rule = { sub: 'vito', res: 'terminals', act: 'read', path: '**', cond: "r.own == 'olga'" };

  before(async () => {
    gate = await startGate();
    olga = await gate.person('olga', 'full');
    vito = await gate.person('vito', 'viewer');
    const started = await gate.as(olga, 'POST', '/api/terminals', {});
    expect(started.status).to.equal(200);
    path = `/terminals/websocket/${((await started.json()) as { name: string }).name}`;
    owner = await openSocket(gate.url, path, { token: olga });
    await type(owner, 'stty -echo; PS1=; echo begin $((1+1))', 'begin 2');
  });
  after(async () => {
    await owner?.close();
    await gate?.stop();
  });

  async function follow(token: string): Promise<{ socket: Socket; shown: () => string }> {
    let shown = '';
    const onMessage = (data: Buffer): void => {
      const [kind, text] = JSON.parse(data.toString('utf8')) as [string, string?];
      if (kind === 'stdout') shown += text ?? '';
    };
    const socket = await openSocket(gate.url, path, { token, onMessage });
    await until(() => shown !== '', 'what was printed before');
    return { socket, shown: () => shown };
  }

  it('is not there without a rule that names it, not even for a viewer', async () => {
    expect(await handshake(gate.url, path, vito)).to.equal(404);
    const list = await gate.as(vito, 'GET', '/api/terminals');
    expect(await list.json()).to.deep.equal([]);
    expect(await (await gate.as(vito, 'GET', '/lab')).text()).to.match(/"terminalsAvailable": ?false/);
  });

  it('is followed with a rule, says so once, and hears nothing of what is typed', async () => {
    expect((await gate.admin('POST', '/rules', { fields: rule })).status).to.equal(201);
    const { socket, shown } = await follow(vito);
    socket.ws.send(JSON.stringify(['set_size', 3, 7, 100, 100]));
    socket.ws.send(JSON.stringify(['stdin', 'echo by-vito $((40+2))\r']));
    const seen = await type(owner, 'echo by-olga $((3+4)); stty size', 'by-olga 7');
    await until(() => shown().includes('by-olga 7'), 'the output of the owner');
    await until(() => /\d+ \d+\r\n/.test(shown().split('by-olga 7')[1] ?? ''), 'the size');
    expect(shown()).to.not.include('by-vito');
    expect(seen).to.not.include('by-vito');
    expect(shown()).to.not.match(/\b3 7\r\n/);
    expect(shown().split(NOTICE)).to.have.length(2);
    expect(shown().indexOf(NOTICE)).to.be.below(10);
    expect(seen).to.not.include(NOTICE);
    expect(await (await gate.as(vito, 'GET', '/lab')).text()).to.match(/"terminalsAvailable": ?true/);
    expect((await gate.as(vito, 'DELETE', `/api/terminals/${path.split('/').pop()}`)).status).to.equal(403);
    await socket.close();
  });

  it('closes on a frame it cannot read', async () => {
    for (const frame of ['ls\r', '["stdin"]', '["exec","ls"]', '{}', Buffer.from('["stdin","ls\\r"]')]) {
      const { socket } = await follow(vito);
      socket.ws.send(frame);
      expect((await once(socket.ws, 'close'))[0], String(frame)).to.equal(1007);
    }
  });

  it('obeys a right that was given or taken away at the next frame', async () => {
    const { socket, shown } = await follow(vito);
    const say = (text: string): void => socket.ws.send(JSON.stringify(['stdin', `echo ${text} $((1+1))\r`]));
    say('too-early');
    const added = await gate.admin('POST', '/rules', { fields: { ...rule, act: 'execute' } });
    say('in-time');
    await until(() => shown().includes('in-time 2'), 'what was typed with the right to');
    await gate.admin('DELETE', `/rules/${added.body.id}`);
    say('too-late');
    await type(owner, 'echo after $((2+2))', 'after 4');
    await until(() => shown().includes('after 4'), 'the output of the owner');
    expect(shown()).to.not.match(/too-early 2|too-late 2/);
    const closed = once(socket.ws, 'close');
    const { body } = await gate.admin('GET', '/rules?limit=200');
    const given = (body.items as { id: number; fields: { sub: string } }[]).find(
      ({ fields }) => fields.sub === 'vito',
    );
    await gate.admin('DELETE', `/rules/${given?.id}`);
    expect((await closed)[0]).to.equal(4403);
  });

  it("becomes one's own to look at when only the right to run is lost", async () => {
    const closed = once(owner.ws, 'close');
    await gate.admin('PUT', '/users/olga/roles/role:viewer');
    await gate.admin('DELETE', '/users/olga/roles/role:full');
    expect((await closed)[0]).to.equal(4403);
    const { socket, shown } = await follow(olga);
    expect(shown()).to.include(NOTICE);
    await socket.close();
  });

  it('is no language server: that needs the right to run', async () => {
    expect(await handshake(gate.url, '/lsp/ws/pylsp', vito)).to.equal(403);
    expect((await gate.as(vito, 'GET', '/lsp/status')).status).to.equal(200);
  });
});

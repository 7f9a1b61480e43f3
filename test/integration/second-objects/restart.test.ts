/** Who owns what outlives the gate, and does not outlive the Jupyter Server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { handshake } from '../../support/jupyter-sockets.ts';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';
import { startTokenJupyter } from '../../support/token-jupyter.ts';
import type { TokenJupyter } from '../../support/token-jupyter.ts';

const TOKEN = 'gateS3cretRestart';

describe('the owner of a kernel, a session and a terminal', function () {
  this.timeout(180_000);
  const servers: TokenJupyter[] = [];
  let directory: string;
  let gate: RunningGate | undefined;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gate-restart-'));
  });
  after(async () => {
    await gate?.stop();
    for (const server of servers) await server.stop();
    await rm(directory, { recursive: true, force: true });
  });

  async function jupyter(): Promise<TokenJupyter> {
    const server = await startTokenJupyter(TOKEN);
    servers.push(server);
    return server;
  }
  /** The gate anew, on the same database. */
  async function gateTo({ origin }: TokenJupyter): Promise<RunningGate> {
    await gate?.stop();
    const database = `sqlite:${join(directory, 'gate.db')}`;
    gate = await startGate('--upstream', origin, '--upstream-token', TOKEN, '--database', database);
    return gate;
  }

  it('is known after the gate has started again, and nobody after the server has', async () => {
    const server = await jupyter();
    const first = await gateTo(server);
    const [ada, bob] = [await first.person('ada', 'full'), await first.person('bob', 'full')];
    const wanted = { path: 'a.ipynb', type: 'notebook', kernel: { name: 'python3' } };
    const session = (await (await first.as(ada, 'POST', '/api/sessions', wanted)).json()) as Session;
    const terminal = (await (await first.as(ada, 'POST', '/api/terminals')).json()) as { name: string };
    const objects = [
      `/api/sessions/${session.id}`,
      `/api/kernels/${session.kernel.id}`,
      `/api/terminals/${terminal.name}`,
    ];
    const channels = `/api/kernels/${session.kernel.id}/channels?session_id=tab`;
    expect(await handshake(first.url, channels, ada)).to.equal(101);

    const second = await gateTo(server);
    for (const path of objects) {
      expect((await second.as(ada, 'GET', path)).status, path).to.equal(200);
      expect((await second.as(bob, 'GET', path)).status, path).to.equal(404);
      expect((await second.as(bob, 'DELETE', path)).status, path).to.equal(404);
    }
    expect(await counts(second, ada)).to.deep.equal([1, 1, 1]);
    expect(await counts(second, bob)).to.deep.equal([0, 0, 0]);
    const share = { sub: 'bob', res: 'kernels|channels', act: 'read', path: '**', cond: "r.own == 'ada'" };
    expect((await second.admin('POST', '/rules', { fields: share })).status).to.equal(201);
    expect(await handshake(second.url, channels, bob)).to.equal(409);
    expect(await handshake(second.url, channels.replace('tab', 'other'), bob)).to.equal(101);

    const third = await gateTo(await jupyter());
    for (const path of objects) expect((await third.as(ada, 'GET', path)).status, path).to.equal(404);
    // The name that ada's terminal had is given again, and is not hers.
    const his = (await (await third.as(bob, 'POST', '/api/terminals')).json()) as { name: string };
    expect(his.name).to.equal(terminal.name);
    expect(await counts(third, ada)).to.deep.equal([0, 0, 0]);
    expect(await counts(third, bob)).to.deep.equal([0, 0, 1]);
    await third.as(bob, 'DELETE', `/api/terminals/${his.name}`);
  });

  async function counts(at: RunningGate, token: string): Promise<number[]> {
    const lists = ['kernels', 'sessions', 'terminals'].map(async (list) => {
      const answer = await at.as(token, 'GET', `/api/${list}`);
      return ((await answer.json()) as unknown[]).length;
    });
    return Promise.all(lists);
  }
});

interface Session {
  readonly id: string;
  readonly kernel: { readonly id: string };
}

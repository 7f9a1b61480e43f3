/** `--on-revoke`: what becomes of a running kernel whose owner may not run code any more, on a real Jupyter Server. */
import { expect } from 'chai';
import { connectKernel } from '../support/kernel-client.ts';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';

const ENDLESS = 'import time\nprint("on", flush=True)\nwhile True: time.sleep(0.05)';
const PATIENCE = 60_000;

interface Person {
  readonly token: string;
  readonly kernel: string;
}

/** A person of that name whose kernel is in the middle of a cell. */
async function whoRuns(gate: RunningGate, name: string): Promise<Person> {
  const token = await gate.person(name, 'temporary');
  const reply = await gate.as(token, 'POST', '/api/kernels', { name: 'python3' });
  const { id: kernel } = (await reply.json()) as { id: string };
  const client = await connectKernel({ url: gate.url, token, kernel });
  client.say('shell', 'execute_request', { code: ENDLESS, silent: false });
  await client.hear(({ header }) => header['msg_type'] === 'stream', 'output');
  return { token, kernel };
}

async function stateOf(gate: RunningGate, { token, kernel }: Person): Promise<string> {
  const reply = await gate.as(token, 'GET', `/api/kernels/${kernel}`);
  if (reply.status !== 200) return String(reply.status);
  return ((await reply.json()) as { execution_state: string }).execution_state;
}

async function becomes(gate: RunningGate, person: Person, state: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const now = await stateOf(gate, person);
    if (now === state) return;
    if (Date.now() > end) throw new Error(`expected \`${state}\`, the kernel is \`${now}\``);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function audited(gate: RunningGate, what: string): Promise<readonly string[]> {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const { items } = (await gate.admin('GET', `/audit?what=${what}`)).body;
    if (items.length > 0 || Date.now() > end) return items.map((item: { target: string }) => item.target);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

describe('a kernel whose owner may not run code any more', function () {
  this.timeout(180_000);
  let gate: RunningGate;
  afterEach(() => gate?.stop());

  it('is interrupted with `--on-revoke interrupt`, and keeps its variables', async () => {
    gate = await startGate('--on-revoke', 'interrupt');
    const [owner, other] = [await whoRuns(gate, 'owner'), await whoRuns(gate, 'other')];
    await gate.admin('DELETE', '/users/owner/roles/temporary');
    expect(await audited(gate, 'kernel.interrupt')).to.deep.equal(['owner']);
    await gate.admin('PUT', '/users/owner/roles/temporary');
    await becomes(gate, owner, 'idle');
    expect(await stateOf(gate, other)).to.equal('busy');
  });

  it('is shut down with `--on-revoke shutdown` when its owner is disabled', async () => {
    gate = await startGate('--on-revoke', 'shutdown');
    const [owner, other] = [await whoRuns(gate, 'owner'), await whoRuns(gate, 'other')];
    await gate.admin('PATCH', '/users/owner', { active: false });
    expect(await audited(gate, 'kernel.shutdown')).to.deep.equal(['owner']);
    await gate.admin('PATCH', '/users/owner', { active: true });
    await becomes(gate, owner, '404');
    expect(await stateOf(gate, other)).to.equal('busy');
  });
});

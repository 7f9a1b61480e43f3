/** People with kernels of their own, for the socket rows: seeded, so that the gate and the server behind it agree on them. */
import { randomUUID } from 'node:crypto';
import type { SocketsCommand } from '../processes/socket-client.ts';
import type { UpstreamReady } from '../processes/upstream.ts';
import { grant, rule } from '../../test/support/decide-policy.ts';
import { startGate } from './gate.ts';
import type { BenchGate } from './gate.ts';
import { seedDatabase } from './seed.ts';
import { temporaryDirectory } from './temporary-directory.ts';
import { startWorker } from './workers.ts';
import type { Worker } from './workers.ts';

type Sockets = SocketsCommand['sockets'];

export interface SocketStage {
  readonly gate: BenchGate;
  readonly upstream: Worker<UpstreamReady>;
  readonly client: Worker<{ readonly bytes: number }>;
  /** `count` sockets, each to a kernel of the person who opens it. The role's name is their group. */
  sockets(role: string, count: number): Sockets;
  stop(): Promise<void>;
}

/** Enough connections for every row, and one for each step of an upgrade. */
const FLAGS = ['--max-connections', '50000'];
const ALL = { srv: '*', res: '*', act: '*', path: '**', cond: "r.own == '' || r.own == r.sub", eft: 'allow' };

/** `people` of each role; a role that the gate does not know by itself is given a rule that allows what `role:full` may. */
export async function openSocketStage(roles: Readonly<Record<string, number>>): Promise<SocketStage> {
  const people = Object.entries(roles).flatMap(([role, count]) =>
    Array.from({ length: count }, (_, index) => {
      const name = `${role.slice('role:'.length)}-${index}`;
      return { role, name, token: `jg_token-of-${name}`, kernel: randomUUID() };
    }),
  );
  const own = Object.keys(roles).filter((role) => role !== 'role:full' && role !== 'role:watcher');
  const data = await temporaryDirectory();
  await seedDatabase(data.path, {
    users: people,
    grants: people.map(({ name, role }) => grant(0, name, role)),
    roles: own,
    rules: own.map((sub) => rule(0, { ...ALL, sub })),
    // A watcher looks on at the kernel of somebody else.
    kernels: people.map(({ kernel, name, role }) => ({
      id: kernel,
      owner: role === 'role:watcher' ? 'admin' : name,
    })),
  });
  const [upstream, client] = await Promise.all([
    startWorker<UpstreamReady>('upstream', { kernels: people.map(({ kernel }) => kernel) }),
    startWorker<{ bytes: number }>('socket-client'),
  ]);
  const gate = await startGate({ upstreamPort: upstream.ready.port, data: data.path, flags: FLAGS });
  return {
    gate,
    upstream,
    client,
    sockets(role, count) {
      const members = people.filter((person) => person.role === role);
      return Array.from({ length: count }, (_, index) => {
        const { kernel, token } = members[index % members.length] ?? { kernel: '', token: '' };
        return { kernel, token, group: role };
      });
    },
    async stop() {
      for (const each of [client, gate, upstream]) await each.stop();
      await data[Symbol.asyncDispose]();
    },
  };
}

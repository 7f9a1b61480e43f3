/**
 * Half of a thousand open kernel sockets lose their right by one call of the admin API: how long after its answer the last of
 * them is closed, as their clients see it, and whether the other half notices anything. In turns with it a bare server closes
 * as many when it is told to: what the clients need in any case.
 */
import type { ClosedReport } from '../processes/socket-client.ts';
import type { Context, Figure, Row, Size } from '../support/row.ts';
import { openSocketStage } from '../support/sockets.ts';
import { quantile, sampleOf } from '../support/statistics.ts';
import { startWorker } from '../support/workers.ts';

const SIZES: Readonly<
  Record<Size, { readonly sockets: number; readonly people: number; readonly rounds: number }>
> = {
  smallest: { sockets: 20, people: 2, rounds: 1 },
  quick: { sockets: 1000, people: 20, rounds: 6 },
  full: { sockets: 1000, people: 100, rounds: 30 },
};
const LEAVING = 'role:leaving';
const STAYING = 'role:staying';

interface Rule {
  readonly id: number;
  readonly fields: Readonly<Record<string, string>>;
}

async function run({ size, progress }: Context): Promise<readonly Figure[]> {
  const { sockets, people, rounds } = SIZES[size];
  const stage = await openSocketStage({ [LEAVING]: people / 2, [STAYING]: people / 2 });
  const { gate, client } = stage;
  const bare = await startWorker<{ readonly port: number }>('closing-server');
  const open = (role: string, port: number): Promise<unknown> =>
    client.ask('openAll', { port, sockets: stage.sockets(role, sockets / 2) });
  await open(STAYING, gate.port);
  const [times, bareTimes]: [number[], number[]] = [[], []];
  let disturbed = 0;
  /** Milliseconds from the answer of `cut` until the last is closed. */
  const lastClosed = async (cut: () => Promise<unknown>): Promise<number> => {
    const report = client.ask<ClosedReport>('whenClosed', { group: LEAVING });
    await cut();
    const answeredAt = Number(process.hrtime.bigint()) / 1e6;
    const { lastClosedAt, closed, disturbed: others } = await report;
    if (closed !== sockets / 2)
      throw new Error(`expected ${sockets / 2} sockets to be closed, ${closed} were`);
    disturbed += others;
    return Math.max(0, lastClosedAt - answeredAt);
  };
  // The first round warms up.
  for (let round = 0; round <= rounds; round += 1) {
    progress(`revocation, round ${round} of ${rounds}`);
    await open(LEAVING, bare.ready.port);
    const least = await lastClosed(() => fetch(`http://127.0.0.1:${bare.ready.port}/`));
    await open(LEAVING, gate.port);
    const { items } = (await gate.admin('GET', `/rules?sub=${LEAVING}`)) as {
      readonly items: readonly Rule[];
    };
    const [rule] = items;
    if (rule === undefined) throw new Error('expected a rule to take away');
    const time = await lastClosed(() => gate.admin('DELETE', `/rules/${rule.id}`));
    if (round > 0) {
      times.push(time);
      bareTimes.push(least);
    }
    await gate.admin('POST', '/rules', { fields: rule.fields });
  }
  await bare.stop();
  await stage.stop();
  const name = `${sockets} sockets, ${sockets / 2} of them lose the right, last one closed`;
  const sorted = [...times].sort((a, b) => a - b);
  const peer = { name: 'a bare server', value: sampleOf(bareTimes) };
  return [
    { name: `${name} after the answer`, unit: 'ms', value: sampleOf(times), peer },
    {
      name: `${name}, p99 of ${rounds} rounds`,
      unit: 'ms',
      value: sampleOf([quantile(sorted, 0.99)]),
      target: { of: 'value', atMost: 50 },
    },
    {
      name: 'sockets that were disturbed though their right stayed',
      unit: '',
      value: sampleOf([disturbed]),
      target: { of: 'value', atMost: 0 },
    },
  ];
}

export const revocation: Row = { name: 'revocation', title: 'Live revocation', run };

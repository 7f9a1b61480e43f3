/** From the start of the process to listening: an empty database, and a Jupyter Server that is there already. */
import type { UpstreamReady } from '../processes/upstream.ts';
import { startGate } from '../support/gate.ts';
import type { Context, Figure, Row, Size } from '../support/row.ts';
import { sampleOf } from '../support/statistics.ts';
import { startWorker } from '../support/workers.ts';

const ROUNDS: Readonly<Record<Size, number>> = { smallest: 1, quick: 3, full: 15 };

async function run({ size, progress }: Context): Promise<readonly Figure[]> {
  const upstream = await startWorker<UpstreamReady>('upstream');
  const times: number[] = [];
  for (let round = 0; round < ROUNDS[size]; round += 1) {
    progress(`start ${round + 1} of ${ROUNDS[size]}`);
    const gate = await startGate({ upstreamPort: upstream.ready.port });
    times.push(gate.startedIn / 1000);
    await gate.stop();
  }
  await upstream.stop();
  return [
    {
      name: 'start to listening, empty database, without Jupyter',
      unit: 's',
      value: sampleOf(times),
      target: { of: 'value', atMost: 1 },
    },
  ];
}

export const start: Row = { name: 'start', title: 'Start', run };

/** What a kernel socket costs: processor time to open it, resident memory while it is open and nobody says anything. */
import { openFilesLimit, processorTime, settledMemory } from '../support/process-figures.ts';
import { startConfigurableHttpProxy, startHttpProxy } from '../support/proxies.ts';
import type { PeerProxy } from '../support/proxies.ts';
import type { Context, Figure, Row, Size } from '../support/row.ts';
import { openSocketStage } from '../support/sockets.ts';
import type { SocketStage } from '../support/sockets.ts';
import { sampleOf } from '../support/statistics.ts';
import type { Sample } from '../support/statistics.ts';

const SOCKETS: Readonly<Record<Size, number>> = { smallest: 20, quick: 2500, full: 5000 };
const WANTED = SOCKETS.full;
/** Sockets that are opened and closed again first: the process grows once, whatever it then holds. */
const WARM_UP = 0.2;
/** How long memory may not fall before it counts as settled, ms. */
const PATIENCE: Readonly<Record<Size, number>> = { smallest: 100, quick: 500, full: 1500 };
/** Files that a process has open anyway. */
const OTHERS = 200;

/** Of one socket. */
interface Cost {
  readonly name: string;
  /** Microseconds of processor time until it is open and recorded. */
  readonly time: Sample;
  /** Kilobytes. */
  readonly memory: Sample;
}

async function run({ size, progress }: Context): Promise<readonly Figure[]> {
  const possible = Math.floor((openFilesLimit() - OTHERS) / 2);
  const count = Math.min(SOCKETS[size], possible);
  const stage = await openSocketStage({ 'role:full': 1 });
  const { port } = stage.upstream.ready;
  const peers = size === 'full' ? [await startConfigurableHttpProxy(port), await startHttpProxy(port)] : [];
  const { gate } = stage;
  const own: PeerProxy = { name: 'gate', port: gate.port, pids: [gate.pid], stop: () => gate.stop() };
  const costs: Cost[] = [];
  for (const proxy of [own, ...peers.filter((started) => started !== undefined)]) {
    progress(`${count} idle sockets through ${proxy.name}`);
    costs.push(await costOf(proxy, stage, { count, patience: PATIENCE[size] }));
    await proxy.stop();
  }
  await stage.stop();
  const isFewer = count < WANTED && size === 'full';
  return figuresOf(costs, count, isFewer ? { note: `\`ulimit -n\` allows no more than ${count}` } : {});
}

async function costOf(
  { name, port, pids }: PeerProxy,
  stage: SocketStage,
  { count, patience }: { readonly count: number; readonly patience: number },
): Promise<Cost> {
  const [pid = 0] = pids;
  const open = (many: number): Promise<unknown> =>
    stage.client.ask('openAll', { port, sockets: stage.sockets('role:full', many) });
  await open(Math.ceil(count * WARM_UP));
  await stage.client.ask('closeAll');
  const [before, since] = [await settledMemory(pid, patience), processorTime(pids)];
  await open(count);
  const held = await settledMemory(pid, patience);
  const time = processorTime(pids) - since;
  await stage.client.ask('closeAll');
  return { name, time: sampleOf([time / count]), memory: sampleOf([(held - before) / 1000 / count]) };
}

function figuresOf([own, ...peers]: readonly Cost[], count: number, note: Pick<Figure, 'note'>): Figure[] {
  if (own === undefined) return [];
  const memory = { name: `one of ${count} idle sockets`, unit: 'KB', value: own.memory };
  const opening = { name: `opening one of ${count} sockets, processor time`, unit: 'µs', value: own.time };
  return [
    { ...memory, target: { of: 'value', atMost: 25 }, ...note },
    ...peers.map(({ name, memory: value }) => ({ ...memory, peer: { name, value } })),
    ...(peers.length === 0 ? [opening] : []),
    ...peers.map(({ name, time: value }) => ({ ...opening, peer: { name, value } })),
  ];
}

export const idleSockets: Row = { name: 'idle-sockets', title: 'Idle sockets', run };

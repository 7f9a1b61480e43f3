/** What an open kernel socket costs while nobody says anything: resident memory of the process for each. */
import { openFilesLimit, settledMemory } from '../support/process-figures.ts';
import { startConfigurableHttpProxy, startHttpProxy } from '../support/proxies.ts';
import type { PeerProxy } from '../support/proxies.ts';
import type { Context, Figure, Row, Size } from '../support/row.ts';
import { openSocketStage } from '../support/sockets.ts';
import { sampleOf } from '../support/statistics.ts';

const SOCKETS: Readonly<Record<Size, number>> = { smallest: 20, quick: 2500, full: 5000 };
const WANTED = SOCKETS.full;
/** Sockets that are opened and closed again first: the process grows once, whatever it then holds. */
const WARM_UP = 0.2;
/** How long memory may not fall before it counts as settled, ms. */
const PATIENCE: Readonly<Record<Size, number>> = { smallest: 100, quick: 500, full: 1500 };
/** Files that a process has open anyway. */
const OTHERS = 200;

async function run({ size, progress }: Context): Promise<readonly Figure[]> {
  const possible = Math.floor((openFilesLimit() - OTHERS) / 2);
  const count = Math.min(SOCKETS[size], possible);
  const stage = await openSocketStage({ 'role:full': 1 });
  const { port } = stage.upstream.ready;
  const peers = size === 'full' ? [await startConfigurableHttpProxy(port), await startHttpProxy(port)] : [];
  const own = { name: 'gate', port: stage.gate.port, pids: [stage.gate.pid] };
  const each = async (proxy: Pick<PeerProxy, 'name' | 'port' | 'pids'>): Promise<number> => {
    progress(`${count} idle sockets through ${proxy.name}`);
    const open = (sockets: number): Promise<unknown> =>
      stage.client.ask('openAll', { port: proxy.port, sockets: stage.sockets('role:full', sockets) });
    await open(Math.ceil(count * WARM_UP));
    await stage.client.ask('closeAll');
    const [pid = 0] = proxy.pids;
    const before = await settledMemory(pid, PATIENCE[size]);
    await open(count);
    const held = await settledMemory(pid, PATIENCE[size]);
    await stage.client.ask('closeAll');
    return (held - before) / 1000 / count;
  };
  const value = sampleOf([await each(own)]);
  const measured: { readonly name: string; readonly value: ReturnType<typeof sampleOf> }[] = [];
  for (const peer of peers.filter((started) => started !== undefined)) {
    measured.push({ name: peer.name, value: sampleOf([await each(peer)]) });
    await peer.stop();
  }
  await stage.stop();
  const figure: Figure = {
    name: `one of ${count} idle sockets`,
    unit: 'KB',
    value,
    target: { of: 'value', atMost: 25 },
    ...(count < WANTED && size === 'full' ? { note: `\`ulimit -n\` allows no more than ${count}` } : {}),
  };
  return [figure, ...measured.map((peer) => ({ name: figure.name, unit: figure.unit, value, peer }))];
}

export const idleSockets: Row = { name: 'idle-sockets', title: 'Idle sockets', run };

/**
 * One message of 300 bytes and its echo on a kernel socket, processor time of the whole gate: tunnelled for somebody who may do
 * everything on a kernel of their own, inspected for somebody who may only watch.
 */
import type { MessagesCommand } from '../processes/socket-client.ts';
import { processorTime } from '../support/process-figures.ts';
import { startConfigurableHttpProxy, startHttpProxy, startPlainPipe } from '../support/proxies.ts';
import type { PeerProxy } from '../support/proxies.ts';
import type { Context, Figure, Row, Size } from '../support/row.ts';
import { openSocketStage } from '../support/sockets.ts';
import { inRounds, sampleOf } from '../support/statistics.ts';

const SIZES: Readonly<Record<Size, { readonly messages: number; readonly rounds: number }>> = {
  smallest: { messages: 32, rounds: 1 },
  quick: { messages: 3000, rounds: 3 },
  full: { messages: 30_000, rounds: 9 },
};
const SOCKETS = 16;

async function run({ size, progress }: Context): Promise<readonly Figure[]> {
  const { messages, rounds } = SIZES[size];
  const stage = await openSocketStage({ 'role:full': 1, 'role:watcher': 1 });
  const { port } = stage.upstream.ready;
  const pipe = await startPlainPipe(port);
  const others =
    size !== 'full'
      ? []
      : [await startConfigurableHttpProxy(port), await startHttpProxy(port)].filter(
          (peer) => peer !== undefined,
        );
  const own = { name: 'gate', port: stage.gate.port, pids: [stage.gate.pid] };
  const timeOf = async (proxy: Pick<PeerProxy, 'port' | 'pids'>, role: string): Promise<number> => {
    const command: MessagesCommand = { port: proxy.port, sockets: stage.sockets(role, SOCKETS), messages };
    const before = processorTime(proxy.pids);
    await stage.client.ask('messages', command);
    return (processorTime(proxy.pids) - before) / messages;
  };
  progress(`${messages} messages on ${SOCKETS} sockets, ${rounds} rounds`);
  const taken = await inRounds(rounds, {
    tunnelled: () => timeOf(own, 'role:full'),
    'bare socket pipe': () => timeOf(pipe, 'role:full'),
    inspected: () => timeOf(own, 'role:watcher'),
    ...Object.fromEntries(others.map((peer) => [peer.name, () => timeOf(peer, 'role:full')])),
  });
  for (const each of [...others, pipe, stage]) await each.stop();
  const of = (name: string) => ({ name, value: sampleOf(taken[name as keyof typeof taken]) });
  const tunnelled = { name: 'a tunnelled message and its echo', unit: 'µs', value: of('tunnelled').value };
  return [
    { ...tunnelled, peer: of('bare socket pipe'), target: { of: 'ratio', atMost: 1.1 } },
    ...others.map(({ name }) => ({ ...tunnelled, peer: of(name) })),
    {
      name: 'an inspected message and its echo',
      unit: 'µs',
      value: of('inspected').value,
      peer: of('tunnelled'),
      target: { of: 'ratio', atMost: 1.5 },
    },
  ];
}

export const socketMessage: Row = { name: 'socket-message', title: 'Kernel messages', run };

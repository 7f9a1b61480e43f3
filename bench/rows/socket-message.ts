/**
 * One message of 300 bytes and its echo on an open kernel socket, processor time of the whole gate: tunnelled for somebody who
 * may do everything on a kernel of their own, inspected for somebody who may only watch.
 */
import type { TalkCommand } from '../processes/socket-client.ts';
import { processorTime } from '../support/process-figures.ts';
import { startConfigurableHttpProxy, startHttpProxy, startPlainPipe } from '../support/proxies.ts';
import type { PeerProxy } from '../support/proxies.ts';
import type { Context, Figure, Row } from '../support/row.ts';
import { openSocketStage } from '../support/sockets.ts';
import { inRounds, sampleOf } from '../support/statistics.ts';

/** What looks into messages is compiled by V8 while the first ten thousand come; a gate that runs for days is past that. */
const SIZES = {
  smallest: { messages: 32, rounds: 1, warmUp: 32 },
  quick: { messages: 2000, rounds: 7, warmUp: 6000 },
  full: { messages: 30_000, rounds: 9, warmUp: 30_000 },
} as const;
const SOCKETS = 16;

async function run({ size, progress }: Context): Promise<readonly Figure[]> {
  const { messages, rounds, warmUp } = SIZES[size];
  const stage = await openSocketStage({ 'role:full': 1, 'role:watcher': 1 });
  const { port: upstreamPort } = stage.upstream.ready;
  const pipe = await startPlainPipe(upstreamPort);
  const others =
    size !== 'full'
      ? []
      : [await startConfigurableHttpProxy(upstreamPort), await startHttpProxy(upstreamPort)].filter(
          (peer) => peer !== undefined,
        );
  const own = { name: 'gate', port: stage.gate.port, pids: [stage.gate.pid] };
  /** Sockets are opened before and closed after: what that costs is no part of a message, however few are sent. */
  const over =
    ({ port, pids }: Pick<PeerProxy, 'port' | 'pids'>, role: string) =>
    async (round: number) => {
      const sent = round === 0 ? warmUp : messages;
      await stage.client.ask('openAll', { port, sockets: stage.sockets(role, SOCKETS) });
      const before = processorTime(pids);
      await stage.client.ask('talk', { messages: sent } satisfies TalkCommand);
      const taken = processorTime(pids) - before;
      await stage.client.ask('closeAll');
      return taken / sent;
    };
  progress(`${messages} messages on ${SOCKETS} sockets, ${rounds} rounds`);
  const taken = await inRounds(rounds, {
    tunnelled: over(own, 'role:full'),
    'bare socket pipe': over(pipe, 'role:full'),
    inspected: over(own, 'role:watcher'),
    ...Object.fromEntries(others.map((peer) => [peer.name, over(peer, 'role:full')])),
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

/**
 * One GET through the whole gate: session cookie, classification, decision, forwarding, presentation, and a line and a row of
 * the decision log. Processor time of the whole process for one request, and requests in a second, with 32 connections.
 */
import type { LoadCommand, LoadResult } from '../processes/load-client.ts';
import type { UpstreamReady } from '../processes/upstream.ts';
import { startGate } from '../support/gate.ts';
import { processorTime } from '../support/process-figures.ts';
import {
  startBareProxy,
  startConfigurableHttpProxy,
  startHttpProxy,
  startNginx,
} from '../support/proxies.ts';
import type { PeerProxy } from '../support/proxies.ts';
import type { Context, Figure, Row, Target } from '../support/row.ts';
import { sampleOf } from '../support/statistics.ts';
import type { Sample } from '../support/statistics.ts';
import { startWorker } from '../support/workers.ts';
import type { Worker } from '../support/workers.ts';

/** V8 has compiled what matters after some ten thousand requests; a gate that runs for days is past that. */
const SIZES = {
  smallest: { rounds: 1, requests: 64, warmUp: 64 },
  quick: { rounds: 3, requests: 3000, warmUp: 12_000 },
  full: { rounds: 9, requests: 25_000, warmUp: 25_000 },
} as const;
const CONNECTIONS = 32;
const PATH = '/api/contents/course/data.json?content=1';
/** What JupyterLab sends with it. */
const HEADERS = {
  'user-agent':
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  accept: '*/*',
  'accept-encoding': 'gzip, deflate, br',
  'accept-language': 'en-GB,en;q=0.9',
  connection: 'keep-alive',
};

const TARGETS: Readonly<Record<string, { readonly time?: Target; readonly rate?: Target }>> = {
  'configurable-http-proxy': { time: { of: 'ratio', atMost: 1 / 3 }, rate: { of: 'ratio', atLeast: 3 } },
  nginx: { time: { of: 'ratio', atMost: 2.5 } },
};

interface Measured {
  readonly time: number[];
  readonly rate: number[];
}

async function run({ size, progress }: Context): Promise<readonly Figure[]> {
  const { rounds, requests, warmUp } = SIZES[size];
  const upstream = await startWorker<UpstreamReady>('upstream');
  const client = await startWorker('load-client');
  const gate = await startGate({ upstreamPort: upstream.ready.port });
  const own: PeerProxy = { name: 'gate', port: gate.port, pids: [gate.pid], stop: () => gate.stop() };
  const peers = await startPeers(upstream.ready.port, size === 'smallest');
  const cookie = await gate.signIn('admin');
  const proxies = [own, ...peers];
  const measured = new Map<string, Measured>(proxies.map(({ name }) => [name, { time: [], rate: [] }]));
  for (let round = 0; round <= rounds; round += 1) {
    progress(`proxied GET, round ${round} of ${rounds}`);
    for (const proxy of proxies) {
      const { time, rate } = await oneRound(proxy, client, {
        cookie,
        requests: round === 0 ? warmUp : requests,
      });
      if (round === 0) continue;
      measured.get(proxy.name)?.time.push(time);
      measured.get(proxy.name)?.rate.push(rate);
    }
  }
  for (const { stop } of [...proxies, client, upstream]) await stop();
  return figures(measured);
}

async function startPeers(upstreamPort: number, fewest: boolean): Promise<PeerProxy[]> {
  const started = [
    await startConfigurableHttpProxy(upstreamPort),
    ...(fewest ? [] : [await startHttpProxy(upstreamPort), await startNginx(upstreamPort)]),
    ...(fewest ? [] : [await startBareProxy(upstreamPort)]),
  ];
  return started.filter((peer) => peer !== undefined);
}

async function oneRound(
  { port, pids }: PeerProxy,
  client: Worker<unknown>,
  { cookie, requests }: { readonly cookie: string; readonly requests: number },
): Promise<{ readonly time: number; readonly rate: number }> {
  const headers = { ...HEADERS, cookie };
  const command: LoadCommand = { port, path: PATH, headers, connections: CONNECTIONS, requests };
  const before = processorTime(pids);
  const { seconds } = await client.ask<LoadResult>('load', command);
  return { time: (processorTime(pids) - before) / requests, rate: requests / seconds };
}

function figures(measured: ReadonlyMap<string, Measured>): Figure[] {
  const { gate = { time: [], rate: [] }, ...peers } = Object.fromEntries(measured);
  const time = { name: 'a proxied GET, processor time', unit: 'µs', value: sampleOf(gate.time) };
  const rate = { name: 'proxied GETs with 32 connections', unit: '/s', value: sampleOf(gate.rate) };
  const against = (figure: { name: string; unit: string; value: Sample }, which: 'time' | 'rate'): Figure[] =>
    Object.entries(peers).map(([name, samples]) => {
      const target = TARGETS[name]?.[which];
      return {
        ...figure,
        peer: { name, value: sampleOf(samples[which]) },
        ...(target === undefined ? {} : { target }),
      };
    });
  const all = [...against(time, 'time'), ...against(rate, 'rate')];
  return all.length === 0 ? [time, rate] : all;
}

export const proxiedGet: Row = { name: 'proxied-get', title: 'A request through the whole gate', run };

/** Waiting for a Jupyter that was just started. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { askUpstream, versionIn } from './ask-upstream.ts';
import type { JupyterProcess } from './jupyter-process.ts';

/** Where a server of our own answers. */
export interface OwnAddress {
  readonly origin: string;
  readonly socketPath: string;
  readonly baseUrl: string;
}

export interface Waiting {
  readonly address: OwnAddress;
  readonly process: JupyterProcess;
  readonly clock: Clock;
  /** Milliseconds. */
  readonly timeout: number;
}

export type Outcome =
  | { readonly version: string; readonly failure?: never }
  | { readonly version?: never; readonly failure: string };

const BETWEEN = 100;
const ONE_TRY = 5000;

/** Polls until it answers, ends or has taken too long; never rejects. */
export async function untilAnswer({ address, process, clock, timeout }: Waiting): Promise<Outcome> {
  const deadline = clock.now() + timeout;
  let end: string | undefined;
  void process.ended.then((how) => (end = how));
  while (clock.now() < deadline) {
    const version = await answeredVersion(address);
    if (version !== undefined) return { version };
    if (end !== undefined) return { failure: end };
    await delay(BETWEEN);
  }
  return { failure: `nothing for ${timeout / 1000} s` };
}

/** The version it tells, or undefined when it does not answer right now. */
export function answeredVersion(address: OwnAddress): Promise<string | undefined> {
  return askUpstream(address, { path: `${address.baseUrl}api`, timeout: ONE_TRY }).then(
    versionIn,
    () => undefined,
  );
}

/** What a row of the bench is: one measurement with its peers, told as figures. */
import type { Sample } from './statistics.ts';

/** `smallest` only shows that a row still runs; its figures mean nothing. */
export type Size = 'smallest' | 'quick' | 'full';

export interface Peer {
  readonly name: string;
  readonly value: Sample;
}

/** At most, or at least, so much: of the figure itself, or of its ratio to the peer. */
export interface Target {
  readonly of: 'value' | 'ratio';
  readonly atMost?: number;
  readonly atLeast?: number;
}

export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly value: Sample;
  /** Measured in the same run, in turns with the figure. The ratio is the figure's median by the peer's. */
  readonly peer?: Peer;
  readonly target?: Target;
  /** What somebody who reads the figure must know. */
  readonly note?: string;
}

export interface Context {
  readonly size: Size;
  /** A directory of this run, where a row leaves what another can use. */
  readonly shared: string;
  /** Told about each step that takes a while. */
  readonly progress: (text: string) => void;
}

export interface Row {
  /** Of its file, and of `--only`. */
  readonly name: string;
  readonly title: string;
  run(context: Context): Promise<readonly Figure[]>;
}

/** The figure's median by the peer's. */
export function ratioOf({ value, peer }: Figure): number | undefined {
  return peer === undefined ? undefined : value.median / peer.value.median;
}

/** Undefined where nothing was promised. */
export function isReached(figure: Figure): boolean | undefined {
  const { target } = figure;
  if (target === undefined) return undefined;
  const got = target.of === 'ratio' ? ratioOf(figure) : figure.value.median;
  if (got === undefined) return undefined;
  return got <= (target.atMost ?? Number.POSITIVE_INFINITY) && got >= (target.atLeast ?? 0);
}

/** A number with its thousands apart. */
export function grouped(value: number): string {
  return value.toLocaleString('en-GB');
}

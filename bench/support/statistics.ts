/** Few numbers that stand for many. */

export interface Sample {
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** How many numbers it stands for. */
  readonly count: number;
}

/** Of the rounds of one measurement. Throws `TypeError` when there is none. */
export function sampleOf(values: readonly number[]): Sample {
  const sorted = [...values].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    min: quantile(sorted, 0),
    max: quantile(sorted, 1),
    count: sorted.length,
  };
}

/** The value below which `share` of the sorted values lie, by nearest rank. Throws `TypeError` for an empty list. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const at = Math.max(0, Math.ceil(share * sorted.length) - 1);
  const value = sorted[at];
  if (value === undefined) throw new TypeError('expected at least one measurement');
  return value;
}

/**
 * Takes the measurements in turns, A B A B, so that what else the machine does falls on all alike; gives the numbers of
 * each. Round 0 is for warming up and is left out.
 */
export async function inRounds<Name extends string>(
  rounds: number,
  measurements: Readonly<Record<Name, (round: number) => Promise<number> | number>>,
): Promise<Record<Name, number[]>> {
  const names = Object.keys(measurements) as Name[];
  const taken = Object.fromEntries(names.map((name) => [name, []])) as unknown as Record<Name, number[]>;
  for (let round = 0; round <= rounds; round += 1) {
    for (const name of names) {
      const value = await measurements[name](round);
      if (round > 0) taken[name].push(value);
    }
  }
  return taken;
}

/** Choices of a seeded generator. */
import { seeded } from '../support/decide-policy.ts';

export interface RandomSource {
  readonly number: () => number;
  readonly below: (limit: number) => number;
  readonly chance: (share: number) => boolean;
  readonly pick: <T>(from: readonly T[]) => T;
  readonly shuffled: <T>(from: readonly T[]) => T[];
}

export function randomSource(seed: number): RandomSource {
  const number = seeded(seed);
  const below = (limit: number) => Math.floor(number() * limit);
  return {
    number,
    below,
    chance: (share) => number() < share,
    pick: (from) => from[below(from.length)] as (typeof from)[number],
    shuffled(from) {
      const items = [...from];
      for (let last = items.length - 1; last > 0; last--) {
        const other = below(last + 1);
        [items[last], items[other]] = [
          items[other] as (typeof items)[number],
          items[last] as (typeof items)[number],
        ];
      }
      return items;
    },
  };
}

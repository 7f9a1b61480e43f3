/** Numbers for names: what is looked at often is found in arrays by them, and sets of them are bits. */

/** Only ever added to, so that all versions of a policy share it; a name keeps its number. */
export interface Numbering {
  /** The number of `name`, which it has from now on. */
  of(name: string): number;
  /** The number of `name`, if it has one. */
  known(name: string): number | undefined;
  /** The names by their numbers. */
  readonly names: readonly string[];
}

/** Numbers from 0 on; `first` have them already. */
export function createNumbering(...first: readonly string[]): Numbering {
  const numbers = new Map<string, number>();
  const names: string[] = [];
  const of = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    numbers.set(name, names.length);
    return names.push(name) - 1;
  };
  for (const name of first) of(name);
  return { of, known: (name) => numbers.get(name), names };
}

/** A set of numbers, a bit for each. */
export type Bits = Int32Array;

/** No numbers yet, with room for those below `size`. */
export function bitsFor(size: number): Bits {
  return new Int32Array((size + 31) >>> 5);
}

/** Whether `number` is in the set; what is beyond its room is not. */
export function hasBit(bits: Bits, number: number): boolean {
  return ((bits[number >>> 5] ?? 0) & (1 << (number & 31))) !== 0;
}

/** Puts `number` into the set, which has room for it. */
export function setBit(bits: Bits, number: number): void {
  bits[number >>> 5] = (bits[number >>> 5] ?? 0) | (1 << (number & 31));
}

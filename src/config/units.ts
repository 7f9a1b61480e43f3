/** Durations and sizes as people write them. */

const DURATIONS: readonly (readonly [unit: string, milliseconds: number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];
const SIZES: readonly (readonly [unit: string, bytes: number])[] = [
  ['gb', 1024 ** 3],
  ['mb', 1024 ** 2],
  ['kb', 1024],
  ['', 1],
];

/** Milliseconds of `90s`; a bare number says no unit, so it is undefined rather than guessed. */
export function asDuration(input: unknown): number | undefined {
  const match = /^(\d{1,9})(ms|s|m|h|d)$/.exec(typeof input === 'string' ? input.trim() : '');
  if (match?.[1] === undefined) return undefined;
  const unit = DURATIONS.find(([name]) => name === match[2]);
  const value = Number(match[1]) * (unit?.[1] ?? 0);
  return value > 0 ? value : undefined;
}

/** The shortest exact form: 90000 is `90s`. */
export function durationText(milliseconds: number): string {
  return largest(DURATIONS, milliseconds);
}

/** Bytes of `64mb`, `512kb` or `1000`. */
export function asSize(input: unknown): number | undefined {
  const match = /^(\d{1,12})(kb|mb|gb|)$/i.exec(typeof input === 'number' ? String(input) : asText(input));
  if (match?.[1] === undefined) return undefined;
  const unit = SIZES.find(([name]) => name === (match[2] ?? '').toLowerCase());
  const value = Number(match[1]) * (unit?.[1] ?? 0);
  return value > 0 && Number.isSafeInteger(value) ? value : undefined;
}

export function sizeText(bytes: number): string {
  return largest(SIZES, bytes);
}

function asText(input: unknown): string {
  return typeof input === 'string' ? input.trim() : '';
}

function largest(units: readonly (readonly [string, number])[], value: number): string {
  const [name, factor] = units.find(([, candidate]) => value % candidate === 0) ?? ['', 1];
  return `${value / factor}${name}`;
}

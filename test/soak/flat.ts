/** Whether a series of samples rises. */

/** Share of the work after which the beginning is measured: caches fill and code is compiled before. */
const WARM = 1 / 3;

/**
 * How much the last third of `values` lies above the middle third, as a share (0.05 is 5 %). Medians, because a runtime
 * that collects garbage goes up and down by itself.
 */
export function growth(values: readonly number[]): number {
  const from = Math.floor(values.length * WARM);
  const to = Math.floor(values.length * 2 * WARM);
  return median(values.slice(to)) / median(values.slice(from, to)) - 1;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** Points in time as people type them: a duration from now, or an RFC 3339 instant. */
import { CliError } from './cli-error.ts';

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** `2h`, `30m`, `7d` or `2026-03-01T12:00:00Z` as RFC 3339 in UTC; `never` is `null`. Throws `CliError`. */
export function parseInstant(text: string, now: number): string | null {
  if (text === 'never') return null;
  const duration = /^(\d{1,6})([smhdw])$/.exec(text);
  if (duration !== null)
    return new Date(now + Number(duration[1]) * (UNITS[duration[2] ?? 's'] ?? 0)).toISOString();
  const instant = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instant)) {
    throw new CliError(
      `\`${text}\` is not a time`,
      'use a duration (`30m`, `2h`, `7d`), an RFC 3339 time or `never`',
    );
  }
  return new Date(instant).toISOString();
}

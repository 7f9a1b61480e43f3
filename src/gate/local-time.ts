/** The time a rule's `between(r.time, …)` sees: RFC 3339 in the configured zone, made once a second. */
import type { Clock } from '../core/clock.ts';

/** A function giving the current time as e.g. `2026-03-01T09:15:00+01:00`. Throws `RangeError` for an unknown zone. */
export function createLocalTime(clock: Clock, timezone: string): () => string {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: timezone,
    dateStyle: 'short',
    timeStyle: 'medium',
  });
  const offset = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' });
  let second = -1;
  let text = '';
  return () => {
    const now = Math.floor(clock.now() / 1000);
    if (now !== second) {
      const date = new Date(now * 1000);
      text = `${format.format(date).replace(' ', 'T')}${offsetText(offset, date)}`;
      second = now;
    }
    return text;
  };
}

function offsetText(format: Intl.DateTimeFormat, date: Date): string {
  const name = format.formatToParts(date).find((part) => part.type === 'timeZoneName')?.value ?? 'GMT';
  return name === 'GMT' ? '+00:00' : name.slice('GMT'.length);
}

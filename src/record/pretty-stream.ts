/** Turns pino's JSON lines into one short line each for people: time, level, message, then what else is known. */
import type { DestinationStream } from 'pino';

const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
const SHOWN_ELSEWHERE = new Set(['level', 'time', 'msg']);

/** A stream that writes readable lines to `out`. A line that is not JSON passes as it is. */
export function createPrettyStream(out: DestinationStream): DestinationStream {
  return { write: (line: string) => out.write(prettyLine(line)) };
}

/** One line; control characters that could move the cursor or fake a line are escaped. */
export function prettyLine(line: string): string {
  const entry = parse(line);
  if (entry === undefined) return line;
  const { level, time, msg } = entry;
  const clock = typeof time === 'string' ? time.slice(11, 19) : '';
  const rest = Object.entries(entry).filter(([name, value]) => !SHOWN_ELSEWHERE.has(name) && !isEmpty(value));
  const fields = rest.map(([name, value]) => `${name}=${fieldText(value)}`);
  const words = [
    clock,
    (LEVELS[Number(level)] ?? String(level)).padEnd(5),
    typeof msg === 'string' ? msg : '',
    ...fields,
  ];
  return `${printable(words.filter((word) => word !== '').join(' '))}\n`;
}

function fieldText(value: unknown): string {
  if (typeof value === 'string') return /[\s"=]/.test(value) ? JSON.stringify(value) : value;
  return JSON.stringify(value);
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === null || (Array.isArray(value) && value.length === 0);
}

function printable(text: string): string {
  return text.replace(
    /\p{Cc}|\p{Cf}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

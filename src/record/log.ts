/** The gate's log: one JSON object on each line, or lines for people when a terminal reads them. */
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { createPrettyStream } from './pretty-stream.ts';

/** A pino logger. Those of `createLog` have one thing more. */
export type Log = Logger & { readonly plain?: PlainLine };

/**
 * Writes a line at `info` about what was at `at` (epoch milliseconds), whose fields hold no secret and no error: the same
 * line, for a third of what it costs otherwise. What a child log adds to its lines is not in it.
 */
export type PlainLine = (fields: object, message: string, at: number) => void;

export interface LogOptions {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Where lines go; standard output when left out. */
  readonly destination?: DestinationStream;
  /** Lines for people instead of JSON. */
  readonly pretty?: boolean;
}

const SECRETS: ReadonlySet<string> = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'token',
  'upstreamToken',
  'password',
  'secret',
  '_xsrf',
]);
/** At the top, one level and two levels down is where objects are logged here. */
const DEPTH = 2;
/**
 * Lines of a tenth of a second are written in one system call: one for each costs more than all else about them. What is
 * left is written when the process ends, in whatever way but by `SIGKILL`.
 */
const GATHERED = { sync: false, minLength: 32 * 1024, maxWrite: 64 * 1024, periodicFlush: 100 } as const;

/** In bytes: of a text pino's destination measures all that is gathered so far with each line that comes. */
function standardOutput(): DestinationStream {
  const bytes = pino.destination({ dest: 1, ...GATHERED, contentMode: 'buffer' });
  // The types know of texts only.
  const write = (line: string): void => void bytes.write(Buffer.from(line) as unknown as string);
  return Object.assign({ write }, { flush: (done: (error?: Error) => void) => bytes.flush(done) });
}

/** A log that never holds a token, cookie or `Authorization` header under its usual names. */
export function createLog({ level, destination, pretty }: LogOptions): Log {
  const lines = destination ?? standardOutput();
  const out = pretty === true ? createPrettyStream(lines) : lines;
  const timeOf = createTimestamp();
  const options = {
    level,
    base: null,
    serializers: { err: errorFields, error: errorFields, cause: errorFields },
    // Not pino's own `redact`: its wildcards cost more for each request than the rest of the line.
    formatters: { log: (fields: Record<string, unknown>) => redacted(fields, DEPTH) },
    timestamp: () => timeOf(Date.now()),
  };
  const logger = pino(options, out);
  return Object.assign(logger, { plain: plainLines(logger, out, timeOf) });
}

/** pino asks of every field whether it is to be left out, replaced or written in a way of its own; here none is. */
function plainLines(logger: Logger, out: DestinationStream, timeOf: (at: number) => string): PlainLine {
  const start = `{"level":${logger.levels.values['info'] ?? 30}`;
  return (fields, message, at) => {
    if (!logger.isLevelEnabled('info')) return;
    const text = JSON.stringify(fields).slice(1, -1);
    out.write(`${start}${timeOf(at)},${text},"msg":${JSON.stringify(message)}}\n`);
  };
}

/** As pino's `isoTime`, with the part that lasts a second made once a second: a date as text costs as much as a line. */
function createTimestamp(): (at: number) => string {
  let second = -1;
  let start = '';
  return (at) => {
    const current = Math.floor(at / 1000);
    if (current !== second) {
      second = current;
      start = `,"time":"${new Date(at).toISOString().slice(0, -4)}`;
    }
    return `${start}${String(Math.floor(at) - current * 1000).padStart(3, '0')}Z"`;
  };
}

/** `fields` itself where it holds no secret, else a copy without. Errors are shown by their serializer, field by field. */
function redacted<Fields extends object>(fields: Fields, depth: number): Fields {
  let copy: Record<string, unknown> | undefined;
  for (const name in fields) {
    const value: unknown = fields[name];
    const shown = SECRETS.has(name) ? '[redacted]' : redactedBelow(value, depth);
    if (shown === value) continue;
    copy ??= (Array.isArray(fields) ? [...(fields as unknown[])] : { ...fields }) as Record<string, unknown>;
    copy[name] = shown;
  }
  return (copy ?? fields) as Fields;
}

function redactedBelow(value: unknown, depth: number): unknown {
  if (depth === 0 || typeof value !== 'object' || value === null || value instanceof Error) return value;
  return redacted(value, depth - 1);
}

/**
 * An error as the log keeps it. Only these fields: a database driver hangs the values of a statement on its errors,
 * and pino would show nothing at all of an error that is not under `err`.
 */
function errorFields(value: unknown): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  const code = 'code' in value ? { code: value.code } : {};
  return {
    type: name,
    message,
    ...code,
    stack,
    ...(cause === undefined ? {} : { cause: errorFields(cause) }),
  };
}

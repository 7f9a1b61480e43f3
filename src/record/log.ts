/** The gate's log: one JSON object on each line, or lines for people when a terminal reads them. */
import { pino } from 'pino';
import type { DestinationStream, Logger } from 'pino';
import { createPrettyStream } from './pretty-stream.ts';

export type Log = Logger;

export interface LogOptions {
  readonly level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Where lines go; standard output when left out. */
  readonly destination?: DestinationStream;
  /** Lines for people instead of JSON. */
  readonly pretty?: boolean;
}

const SECRETS = [
  'authorization',
  'cookie',
  '"set-cookie"',
  'token',
  'upstreamToken',
  'password',
  'secret',
  '_xsrf',
];
/** pino redacts by exact path: at the top, one level and two levels down is where objects are logged here. */
const PATHS = SECRETS.flatMap((name) => {
  return name.startsWith('"')
    ? [`[${name}]`, `*[${name}]`, `*.*[${name}]`]
    : [name, `*.${name}`, `*.*.${name}`];
});

/** A log that never holds a token, cookie or `Authorization` header under its usual names. */
export function createLog({ level, destination, pretty }: LogOptions): Log {
  const out = destination ?? pino.destination({ dest: 1, sync: false });
  const options = {
    level,
    base: null,
    serializers: { err: errorFields, error: errorFields, cause: errorFields },
    redact: { paths: PATHS, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return pino(options, pretty === true ? createPrettyStream(out) : out);
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

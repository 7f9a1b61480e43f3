/** How a problem with the configuration is told: where it was written, what was expected, what was received. */
import type { FieldProblem } from '../core/errors.ts';
import type { Option, Settings } from './option.ts';

/** One value somebody wrote somewhere. */
export interface Written {
  readonly key: keyof Settings;
  readonly value: unknown;
  /** `--port`, `JUPYTER_GATE_PORT` or `gate.yaml: port`. */
  readonly source: string;
  /** Directory that relative paths start from. */
  readonly base: string;
}

const MOST_SHOWN = 80;

export function invalidValue(row: Option, written: Written): FieldProblem {
  const received = row.secret ? '***' : quoted(written.value);
  return { at: written.source, message: `expected ${row.kind.expected}, received ${received}` };
}

export function unknownName(at: string, received: string, suggestion: string | undefined): FieldProblem {
  const hint = suggestion === undefined ? '' : `; did you mean \`${suggestion}\`?`;
  return { at, message: `expected a known option, received \`${received}\`${hint}` };
}

/** The input in backticks, cut when it is long, without what looks like a password. */
export function quoted(value: unknown): string {
  if (value === undefined || value === '') return 'nothing';
  const written = typeof value === 'string' ? value : JSON.stringify(value);
  // A URL that is not accepted may still hold a password.
  const shown = written.replace(/(:\/*[^/:@\s]*):[^/\s]*@/g, '$1:***@');
  return `\`${shown.length > MOST_SHOWN ? `${shown.slice(0, MOST_SHOWN)}…` : shown}\``;
}

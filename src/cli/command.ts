/** The shape of a command: words, what it takes, and what it does with the running gate. */
import type { AdminClient } from './admin-client.ts';

export interface CommandOption {
  readonly name: string;
  /** Shown in the usage, e.g. `T`; absent for a switch. */
  readonly value?: string;
  readonly summary: string;
}

export interface CommandInput {
  /** Arguments after the command's words. */
  readonly positionals: readonly string[];
  /** The command's own options; a switch that is given is `''`. */
  readonly options: Readonly<Record<string, string | undefined>>;
}

export interface Section {
  readonly heading: string;
  readonly value: unknown;
  readonly name: string;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
  readonly columns: readonly string[];
}

export type Row = Readonly<Record<string, unknown>>;
/** A field by its name, or what is said of a row in words. */
export type Column = string | { readonly heading: string; readonly of: (row: Row) => string };

export interface Output {
  /** One line for a person. */
  line(text: string): void;
  /** Rows under their columns; with `--json` the rows themselves. */
  table(rows: readonly Row[], columns: readonly Column[]): void;
  /** A heading over rows; with `--json` one object that holds the rows as `name`. */
  section(section: Section): void;
  /** A value: JSON with `--json`, otherwise `text`. */
  value(value: unknown, text: string): void;
  /** Text as it is, in both. */
  raw(text: string): void;
}

export interface CommandContext {
  readonly client: AdminClient;
  readonly output: Output;
  /** Reads a line without showing it (passwords), or all of standard input when it is not a terminal. */
  readonly readSecret: (prompt: string) => Promise<string>;
  readonly readFile: (path: string) => Promise<string>;
  readonly now: () => number;
}

export interface Command {
  /** E.g. `user add`. */
  readonly words: string;
  /** Positional arguments as the usage shows them, e.g. `NAME`, `[PATH]`. */
  readonly takes: readonly string[];
  readonly options?: readonly CommandOption[];
  readonly summary: string;
  /** True when all that follows are flags of the configuration, which reports their problems at once. */
  readonly takesConfiguration?: boolean;
  /** Exit code of a failure, where 1 is an answer; 1 when left out. */
  readonly failureCode?: number;
  /** Returns the exit code; 0 when nothing is returned. */
  run(context: CommandContext, input: CommandInput): Promise<number | undefined | void>;
}

/** The command line: finds the command, runs it against the running gate, tells people what went wrong and what to do. */
import { resolve } from 'node:path';
import { OPTIONS } from '../config/options.ts';
import { loadConfig } from '../config/load-config.ts';
import type { GateConfig } from '../config/config.ts';
import type { Environment } from '../config/read-environment.ts';
import { AppError, describeError } from '../core/errors.ts';
import { createAdminClient } from './admin-client.ts';
import { findGate } from './find-gate.ts';
import { parseLine } from './arguments.ts';
import type { ConfigFlags } from './arguments.ts';
import { CliError, UsageError } from './cli-error.ts';
import type { Command, CommandContext, CommandInput, CommandOption, Output } from './command.ts';
import { COMMANDS } from './commands.ts';
import { help } from './help.ts';
import { createOutput } from './output.ts';

/** What the process gives the command line; tests give their own. */
export interface Terminal {
  readonly env: Environment;
  readonly cwd: string;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly readSecret: CommandContext['readSecret'];
  readonly readFile: CommandContext['readFile'];
  readonly now: () => number;
}

/** Commands that run in this process instead of asking the running gate: `serve`, `migrate`, `model check`, `audit verify`. */
export type LocalCommands = Readonly<Record<string, LocalCommand>>;
export interface LocalCommand {
  readonly takes: readonly string[];
  readonly summary: string;
  /** See `Command`. */
  readonly takesConfiguration?: boolean;
  readonly options?: readonly CommandOption[];
  readonly failureCode?: number;
  run(input: {
    readonly config: GateConfig;
    readonly positionals: readonly string[];
    /** The command's own options. */
    readonly options: CommandInput['options'];
    readonly output: Output;
    /** The flags the configuration came from. */
    readonly argv: readonly string[];
    readonly terminal: Terminal;
  }): Promise<number>;
}

/** Runs one command line and gives the exit code: 0 done, 1 refused or failed, 2 not understood. */
export async function run(
  argv: readonly string[],
  terminal: Terminal,
  local: LocalCommands,
): Promise<number> {
  const commands = [...localAsCommands(local), ...COMMANDS];
  let failureCode = 1;
  try {
    if (argv.length === 0 || argv.some((word) => word === '--help' || word === '-h') || argv[0] === 'help') {
      terminal.out(help(argv, commands));
      return 0;
    }
    const line = parseLine(argv, commands, configFlags());
    failureCode = line.command.failureCode ?? 1;
    const config = loadConfig({ argv: line.configArguments, env: terminal.env, cwd: terminal.cwd });
    const here = local[line.command.words];
    if (here !== undefined)
      return await here.run({
        config,
        ...line.input,
        output: createOutput(terminal.out, line.json),
        argv: line.configArguments,
        terminal,
      });
    const context: CommandContext = {
      client: createAdminClient({ ...(await findGate(config, terminal.readFile)), fetch }),
      output: createOutput(terminal.out, line.json),
      readSecret: terminal.readSecret,
      readFile: (path) => readNamed(path, terminal),
      now: terminal.now,
    };
    return (await line.command.run(context, line.input)) ?? 0;
  } catch (error) {
    terminal.err(explain(error));
    return error instanceof UsageError ? 2 : failureCode;
  }
}

async function readNamed(path: string, { readFile, cwd }: Terminal): Promise<string> {
  try {
    return await readFile(resolve(cwd, path));
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is none' : messageOf(cause);
    throw new CliError(`cannot read \`${path}\`: ${reason}`, 'check the path', cause);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function explain(error: unknown): string {
  if (error instanceof CliError) return lines(error.message, error.hint);
  if (error instanceof AppError) {
    const problems = error.problems.map(({ at, message }) => `  ${at}: ${message}`);
    const head = problems.length > 0 ? error.message : describeError(error);
    return lines([head, ...problems].join('\n'), error.hint);
  }
  return lines(error instanceof Error ? (error.stack ?? error.message) : String(error), undefined);
}

function lines(message: string, hint: string | undefined): string {
  return `jupyter-gate: ${message}\n${hint === undefined ? '' : `${hint}\n`}`;
}

function configFlags(): ConfigFlags {
  return new Map(Object.values(OPTIONS).map(({ name, kind }) => [name, kind.placeholder !== '']));
}

function localAsCommands(local: LocalCommands): Command[] {
  return Object.entries(local).map(
    ([words, { takes, summary, takesConfiguration = false, options, failureCode }]) => ({
      words,
      takes,
      summary,
      takesConfiguration,
      options: options ?? [],
      failureCode: failureCode ?? 1,
      run: () => Promise.reject(new CliError(`\`${words}\` does not run against a gate`)),
    }),
  );
}

/** Cuts a command line into a command, its own options, and the flags that belong to the configuration. */
import { CliError } from './cli-error.ts';
import type { Command, CommandInput } from './command.ts';

export interface ParsedLine {
  readonly command: Command;
  readonly input: CommandInput;
  readonly json: boolean;
  /** Flags such as `--data DIR`, for the configuration to check. */
  readonly configArguments: readonly string[];
}

/** Finds the command and sorts the arguments. Throws `CliError` naming what was expected. */
export function parseLine(
  argv: readonly string[],
  commands: readonly Command[],
  configFlags: ReadonlySet<string>,
): ParsedLine {
  const command = findCommand(argv, commands);
  const rest = argv.slice(command.words.split(' ').length);
  const declared = new Map((command.options ?? []).map((option) => [option.name, option]));
  const positionals: string[] = [];
  const options: Record<string, string> = {};
  const configArguments: string[] = [];
  let json = false;
  const queue = [...rest];
  const value = (flag: string): string => {
    const next = queue.shift();
    if (next === undefined) throw new CliError(`\`--${flag}\` needs a value`, usage(command));
    return next;
  };
  for (let argument = queue.shift(); argument !== undefined; argument = queue.shift()) {
    if (!argument.startsWith('--')) {
      positionals.push(argument);
      continue;
    }
    const { flag, given } = splitFlag(argument);
    const option = declared.get(flag);
    if (flag === 'json') json = true;
    else if (option !== undefined) options[flag] = option.value === undefined ? '' : (given ?? value(flag));
    else if (configFlags.has(flag)) configArguments.push(`--${flag}`, given ?? value(flag));
    else throw new CliError(`\`--${flag}\` is not an option of \`${command.words}\``, usage(command));
  }
  checkCount(command, positionals);
  return { command, input: { positionals, options }, json, configArguments };
}

/** One line that shows how the command is used. */
export function usage(command: Command): string {
  const options = (command.options ?? []).map(
    ({ name, value }) => `[--${name}${value === undefined ? '' : ` ${value}`}]`,
  );
  return ['usage: jupyter-gate', command.words, ...command.takes, ...options].join(' ');
}

function findCommand(argv: readonly string[], commands: readonly Command[]): Command {
  for (const length of [2, 1]) {
    const words = argv.slice(0, length).join(' ');
    const found = commands.find((command) => command.words === words);
    if (found !== undefined) return found;
  }
  const noun = argv[0] ?? '';
  const near = commands
    .filter((command) => command.words.split(' ')[0] === noun)
    .map((command) => command.words);
  const hint = near.length > 0 ? `there are: ${near.join(', ')}` : '`jupyter-gate --help` lists the commands';
  throw new CliError(`there is no command \`${argv.slice(0, 2).join(' ')}\``, hint);
}

function splitFlag(argument: string): { flag: string; given: string | undefined } {
  const cut = argument.indexOf('=');
  return cut < 0
    ? { flag: argument.slice(2), given: undefined }
    : { flag: argument.slice(2, cut), given: argument.slice(cut + 1) };
}

function checkCount(command: Command, positionals: readonly string[]): void {
  const required = command.takes.filter((name) => !name.startsWith('[')).length;
  if (positionals.length < required || positionals.length > command.takes.length) {
    throw new CliError(
      `\`${command.words}\` takes ${command.takes.join(' ') || 'no arguments'}`,
      usage(command),
    );
  }
}

/** Cuts a command line into a command, its own options, and the flags that belong to the configuration. */
import { nearest } from '../config/suggest.ts';
import { UsageError } from './cli-error.ts';
import type { Command, CommandInput } from './command.ts';

export interface ParsedLine {
  readonly command: Command;
  readonly input: CommandInput;
  readonly json: boolean;
  /** Flags such as `--data DIR`, for the configuration to check. */
  readonly configArguments: readonly string[];
}

/** Flags of the configuration by name; those that take a value are `true`. */
export type ConfigFlags = ReadonlyMap<string, boolean>;

/** Finds the command and sorts the arguments. Throws `UsageError` naming what was expected. */
export function parseLine(
  argv: readonly string[],
  commands: readonly Command[],
  configFlags: ConfigFlags,
): ParsedLine {
  const command = findCommand(argv, commands);
  const rest = argv.slice(command.words.split(' ').length);
  if (command.takesConfiguration === true) {
    return { command, input: { positionals: [], options: {} }, json: false, configArguments: rest };
  }
  return sort(command, rest, configFlags);
}

/** One line that shows how the command is used. */
export function usage(command: Pick<Command, 'words' | 'takes' | 'options'>): string {
  const options = (command.options ?? []).map(
    ({ name, value }) => `[--${name}${value === undefined ? '' : ` ${value}`}]`,
  );
  return ['usage: jupyter-gate', command.words, ...command.takes, ...options].join(' ');
}

function sort(command: Command, rest: readonly string[], configFlags: ConfigFlags): ParsedLine {
  const declared = new Map((command.options ?? []).map((option) => [option.name, option]));
  const positionals: string[] = [];
  const options: Record<string, string> = {};
  const configArguments: string[] = [];
  let json = false;
  const queue = [...rest];
  for (let argument = queue.shift(); argument !== undefined; argument = queue.shift()) {
    if (!argument.startsWith('--')) {
      positionals.push(argument);
      continue;
    }
    const { flag, given } = splitFlag(argument);
    const option = declared.get(flag);
    const takesValue = option === undefined ? configFlags.get(flag) === true : option.value !== undefined;
    const value = takesValue ? (given ?? valueOf(flag, queue, command)) : refuseValue(flag, given, command);
    if (option !== undefined) options[flag] = value;
    else if (flag === 'json') json = true;
    else if (configFlags.has(flag)) configArguments.push(`--${flag}`, ...(takesValue ? [value] : []));
    else throw notAnOption(flag, command, configFlags);
  }
  checkCount(command, positionals);
  return { command, input: { positionals, options }, json, configArguments };
}

function valueOf(flag: string, queue: string[], command: Command): string {
  const next = queue[0];
  // `--flag=--value` is there for a value that looks like a flag.
  if (next === undefined || next.startsWith('--'))
    throw new UsageError(`\`--${flag}\` needs a value`, usage(command));
  queue.shift();
  return next;
}

function refuseValue(flag: string, given: string | undefined, command: Command): string {
  if (given === undefined) return '';
  throw new UsageError(`\`--${flag}\` takes no value, received \`${given}\``, usage(command));
}

function notAnOption(flag: string, command: Command, configFlags: ConfigFlags): UsageError {
  const own = (command.options ?? []).map(({ name }) => name);
  const near = nearest(flag, [...own, 'json', ...configFlags.keys()]);
  const guess = near === undefined ? '' : `: did you mean \`--${near}\`?`;
  return new UsageError(`\`--${flag}\` is not an option of \`${command.words}\`${guess}`, usage(command));
}

function findCommand(argv: readonly string[], commands: readonly Command[]): Command {
  for (const length of [2, 1]) {
    const words = argv.slice(0, length).join(' ');
    const found = commands.find((command) => command.words === words);
    if (found !== undefined) return found;
  }
  const [noun = '', verb = ''] = argv;
  const related = commands.map(({ words }) => words).filter((words) => words.split(' ')[0] === noun);
  const given = verb === '' || verb.startsWith('-') ? noun : `${noun} ${verb}`;
  if (related.length > 0)
    throw new UsageError(`there is no command \`${given}\``, `there are: ${related.join(', ')}`);
  const near = nearest(
    given,
    commands.map(({ words }) => words),
  );
  const hint = near === undefined ? '' : `did you mean \`${near}\`? `;
  throw new UsageError(
    `there is no command \`${given}\``,
    `${hint}\`jupyter-gate --help\` lists the commands`,
  );
}

function splitFlag(argument: string): { flag: string; given: string | undefined } {
  const cut = argument.indexOf('=');
  return cut < 0
    ? { flag: argument.slice(2), given: undefined }
    : { flag: argument.slice(2, cut), given: argument.slice(cut + 1) };
}

function checkCount(command: Command, positionals: readonly string[]): void {
  const required = command.takes.filter((name) => !name.startsWith('['));
  const missing = required[positionals.length];
  if (missing !== undefined) throw new UsageError(`\`${command.words}\` needs ${missing}`, usage(command));
  const extra = positionals[command.takes.length];
  if (extra !== undefined)
    throw new UsageError(`\`${command.words}\` does not take \`${extra}\``, usage(command));
}

/** What `--help` prints: all commands, those of one noun (`audit --help`), or one command with its options. */
import { describeOptions } from '../config/describe-options.ts';
import { usage } from './arguments.ts';
import type { Command } from './command.ts';

/** Help for what the line names; for a name there is none of, the list of all commands. */
export function help(argv: readonly string[], commands: readonly Command[]): string {
  const words = argv.filter((word) => !word.startsWith('-') && word !== 'help');
  const exact = commands.find((command) => [2, 1].some((count) => command.words === first(words, count)));
  if (exact !== undefined && exact.takesConfiguration !== true) return ofCommand(exact);
  const group = commands.filter((command) => command.words.split(' ')[0] === words[0]);
  if (group.length > 1) return `usage: jupyter-gate ${words[0]} COMMAND\n\n${list(group)}\n`;
  return `usage: jupyter-gate COMMAND [OPTIONS]\n\n${list(commands)}\n\n\`jupyter-gate COMMAND --help\` tells its options, --json prints JSON. Options of \`serve\`, each also an environment variable and a key of gate.yaml:\n\n${describeOptions()}\n`;
}

function ofCommand(command: Command): string {
  const options = (command.options ?? []).map(
    ({ name, value, summary }) => [`--${name}${value === undefined ? '' : ` ${value}`}`, summary] as const,
  );
  const all = [...options, ['--json', 'prints JSON'] as const];
  return `${usage(command)}\n\n${command.summary}\n\n${columns(all)}\n`;
}

function list(commands: readonly Command[]): string {
  return columns(commands.map(({ words, takes, summary }) => [[words, ...takes].join(' '), summary]));
}

function columns(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n');
}

function first(words: readonly string[], count: number): string {
  return words.slice(0, count).join(' ');
}

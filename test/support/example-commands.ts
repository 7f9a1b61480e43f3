/** Reads the commands out of an example's setup.sh. */

const COMMAND = 'npx jupyter-gate ';
/** What a setup.sh may hold besides commands and comments. */
const PREAMBLE = [
  '#!/bin/sh',
  'set -eu',
  'JUPYTER_GATE_CONFIG="$(dirname "$0")/gate.yaml"',
  'export JUPYTER_GATE_CONFIG',
];
const WORD = /'([^']*)'|[^\s'"$`\\;&|<>()]+/gy;

/** One list of arguments for each command. Throws for a line that would need a shell to be understood. */
export function exampleCommands(script: string): readonly (readonly string[])[] {
  return script
    .split('\n')
    .filter((line) => line !== '' && !PREAMBLE.includes(line) && !line.startsWith('# '))
    .map((line) => {
      if (!line.startsWith(COMMAND))
        throw new Error(`expected a line of \`${COMMAND}…\`, received \`${line}\``);
      return line
        .slice(COMMAND.length)
        .split(/ (?=(?:[^']*'[^']*')*[^']*$)/)
        .map((word) => plainWord(word));
    });
}

function plainWord(word: string): string {
  WORD.lastIndex = 0;
  const [whole, quoted] = WORD.exec(word) ?? [];
  if (whole !== word) throw new Error(`expected a plain or quoted word, received \`${word}\``);
  return quoted ?? word;
}

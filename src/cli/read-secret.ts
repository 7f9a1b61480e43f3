/** Reads a password: without echo from a terminal, otherwise the first line of standard input. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';

/** The line that was typed or sent, without its end. */
export function readSecret(prompt: string): Promise<string> {
  const isTerminal = process.stdin.isTTY;
  if (isTerminal) process.stderr.write(prompt);
  // readline echoes what is typed to its output: one that swallows everything is the echo turned off.
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: silent, terminal: isTerminal });
  return new Promise((resolve) => {
    let answer = '';
    lines.once('line', (line) => {
      answer = line;
      lines.close();
    });
    lines.once('close', () => {
      if (isTerminal) process.stderr.write('\n');
      resolve(answer);
    });
  });
}

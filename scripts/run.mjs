/** Small helpers of the scripts: running a program, and where things are. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Path of a program that npm installed. */
export function bin(name) {
  return join(root, 'node_modules', '.bin', name);
}

/** Runs a program with our terminal; its exit code, 127 when it is not there, 128 + n after a signal. */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: root, stdio: 'inherit', ...options });
    child.once('error', () => {
      const missing = program.startsWith(root)
        ? `\`${program}\` is missing: run \`npm ci\` first`
        : `\`${program}\` is not installed`;
      process.stderr.write(`${missing}\n`);
      resolve(127);
    });
    child.once('close', (code, signal) => resolve(code ?? (signal === 'SIGINT' ? 130 : 143)));
  });
}

/** One line about what takes a while; on standard error, so that it mixes with nothing a program prints. */
export function progress(text) {
  process.stderr.write(`… ${text}\n`);
}

/** Runs the steps in order and ends with the first code that is not 0. */
export async function inOrder(steps) {
  for (const step of steps) {
    const code = await step();
    if (code !== 0) process.exit(code);
  }
}

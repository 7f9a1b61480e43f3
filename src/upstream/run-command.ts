/** Runs a program to its end: to look for Jupyter and to install it. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Environment } from './jupyter-environment.ts';

export interface CommandOptions {
  readonly env: Environment;
  readonly cwd?: string;
  /** Milliseconds after which it is killed. */
  readonly timeout: number;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
  onLine?(line: string): void;
}

export interface CommandResult {
  /** Exit code; 127 when the program is not there, -1 when it was killed. */
  readonly code: number;
  /** The last lines of both outputs, in the order they came. */
  readonly lines: readonly string[];
  /** Whether it was killed because its time was up. */
  readonly timedOut: boolean;
}

const MOST_LINES = 200;

/** Never rejects: a program that is missing or killed is a result too. */
export function runCommand(
  program: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<CommandResult> {
  const child = spawn(program, args, {
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  const lines: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (line) => {
      if (lines.push(line) > MOST_LINES) lines.shift();
      options.onLine?.(line);
    });
  }
  // Not `timeout` of spawn: Node leaves that timer running, and with it this process, when the program is not there.
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    child.kill('SIGKILL');
  }, options.timeout);
  const end = (): void => void child.kill('SIGTERM');
  options.signal?.addEventListener('abort', end);
  if (options.signal?.aborted === true) end();
  return new Promise<CommandResult>((resolve) => {
    child.once('error', () => resolve({ code: 127, lines, timedOut }));
    child.once('close', (code) => resolve({ code: code ?? -1, lines, timedOut }));
  }).finally(() => {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', end);
  });
}

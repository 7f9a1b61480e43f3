/** Processes of the bench beside the one that measures, so that their cost is in nobody's figure. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { packageRoot } from '../../src/core/package-root.ts';
import type { Answered } from '../processes/work.ts';

export interface Worker<Ready> {
  readonly pid: number;
  readonly ready: Ready;
  /** Rejects with what the process failed with. */
  ask<Result>(command: string, argument?: unknown): Promise<Result>;
  readonly stop: () => Promise<void>;
}

/** Starts `bench/processes/NAME.ts` and waits until it is ready. */
export async function startWorker<Ready = unknown>(
  name: string,
  options: unknown = {},
): Promise<Worker<Ready>> {
  const file = fileURLToPath(new URL(`../processes/${name}.ts`, import.meta.url));
  const child = fork(file, [JSON.stringify(options)], { cwd: packageRoot(), execArgv: ['--import', 'tsx'] });
  const waiting = new Map<number, (answered: Answered) => void>();
  child.on('message', (answered: Answered) => {
    waiting.get(answered.id)?.(answered);
    waiting.delete(answered.id);
  });
  child.once('exit', (code, signal) => {
    for (const [id, tell] of waiting) tell({ id, error: `\`${name}\` ended (${signal ?? code})` });
  });
  let last = 0;
  const answerTo = (id: number): Promise<unknown> =>
    new Promise((resolve, reject) => {
      waiting.set(id, ({ result, error }) =>
        error === undefined ? resolve(result) : reject(new Error(error)),
      );
    });
  const ready = (await answerTo(0)) as Ready;
  return {
    pid: child.pid ?? 0,
    ready,
    ask: async <Result>(command: string, argument?: unknown) => {
      last += 1;
      const answered = answerTo(last);
      child.send({ id: last, command, argument });
      return (await answered) as Result;
    },
    stop: () => ended(child),
  };
}

/** A row that fails leaves nothing behind: the process ends with ours. */
export function endsWithUs(child: ChildProcess): void {
  const kill = (): void => void child.kill();
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}

/** Ends a process of ours and waits until it is gone. */
export async function ended(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}

/** One run of Jupyter: spawned into its own process group, its output read line by line, ended with its kernels. */
import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { guardProcess } from './guard.ts';
import { killLeftovers, signalProcess } from './leftovers.ts';
import type { OsAccount } from './os-account.ts';
import type { UpstreamLog } from './upstream-log.ts';

export interface RunOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
  readonly cwd: string;
  /** Undefined runs it under our own account. */
  readonly runAs: OsAccount | undefined;
  readonly runtimeDir: string;
  readonly log: UpstreamLog;
}

export interface JupyterProcess {
  readonly pid: number | undefined;
  /** How it ended, e.g. `exit code 1`; never rejects. */
  readonly ended: Promise<string>;
  /** The last lines it wrote. */
  lastLines(): readonly string[];
  /** SIGTERM, then after `patience` ms SIGKILL for the group and whatever kernels are left. */
  end(patience: number): Promise<void>;
}

const KEPT_LINES = 20;

export function runJupyter(options: RunOptions): JupyterProcess {
  const account = options.runAs === undefined ? {} : { uid: options.runAs.uid, gid: options.runAs.gid };
  const child = spawn(options.command, options.args, {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...account,
  });
  const lines: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (line) => {
      if (lines.push(line) > KEPT_LINES) lines.shift();
      options.log.debug(`jupyter: ${line}`);
    });
  }
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(spawnFailure(error, options.runAs)));
    child.once('exit', (code, signal) =>
      resolve(signal === null ? `exit code ${code ?? -1}` : `signal ${signal}`),
    );
  });
  const { pid } = child;
  if (pid !== undefined) void ended.then(guardProcess(pid, dirname(options.runtimeDir)));
  return {
    pid,
    ended,
    lastLines: () => lines,
    end: (patience) => endProcess({ pid, ended, patience, runtimeDir: options.runtimeDir }),
  };
}

function spawnFailure(error: Error, runAs: OsAccount | undefined): string {
  const denied = 'code' in error && error.code === 'EACCES' && runAs !== undefined;
  return denied
    ? `${error.message}: \`${runAs.name}\` must be able to run it and enter the notebook directory`
    : error.message;
}

interface Ending {
  readonly pid: number | undefined;
  readonly ended: Promise<string>;
  readonly patience: number;
  readonly runtimeDir: string;
}

async function endProcess({ pid, ended, patience, runtimeDir }: Ending): Promise<void> {
  if (pid === undefined) return;
  // Jupyter ends its kernels itself on SIGTERM and waits for them.
  signalProcess(pid, 'SIGTERM');
  const stopWaiting = new AbortController();
  await Promise.race([
    ended,
    delay(patience, undefined, { signal: stopWaiting.signal }).catch(() => undefined),
  ]);
  stopWaiting.abort();
  signalProcess(-pid, 'SIGKILL');
  await killLeftovers(runtimeDir);
  await ended;
}

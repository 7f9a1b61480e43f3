/** The built program as a child process in a directory of its own: what a person at a terminal sees. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { packageRoot } from '../../src/core/package-root.ts';
import { testTools } from './tools.ts';
import { until } from './until.ts';

/** Jupyter alone takes a minute to start on a machine with other work, ms. */
const START = 180_000;

export interface GateProcess {
  readonly pid: number;
  /** Standard output and standard error so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** Resolves when the program says that it is ready; throws with what it printed when it ends before. */
  ready(): Promise<{ readonly url: string; readonly adminUrl: string; readonly link: string | undefined }>;
  signal(name: NodeJS.Signals): void;
  /** How it ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** `jupyter-gate serve` with free ports, unless `argv` names others. */
export function serve(cwd: string, argv: readonly string[], env: Record<string, string> = {}): GateProcess {
  const ports = argv.includes('--port') ? [] : ['--port', '0', '--admin-port', '0'];
  return program(cwd, ['serve', ...ports, ...argv], env);
}

export function program(cwd: string, argv: readonly string[], env: Record<string, string> = {}): GateProcess {
  const child = spawn(process.execPath, [join(packageRoot(), 'bin', 'jupyter-gate.js'), ...argv], {
    cwd,
    env: {
      PATH: `${dirname(testTools().jupyter.command)}${delimiter}${process.env['PATH'] ?? ''}`,
      HOME: cwd,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, err] = [collected(child, 'stdout'), collected(child, 'stderr')];
  const ended = once(child, 'close').then(([code, signal]) => ({
    code: code as number | null,
    signal: signal as string | null,
  }));
  let over = false;
  void ended.then(() => (over = true));

  return {
    pid: child.pid ?? 0,
    out,
    err,
    signal: (name) => void child.kill(name),
    ended,
    async ready() {
      await until(() => over || out().includes('Ctrl-C stops'), 'the gate is ready, or ends', START);
      const url = /ready at (\S+)/.exec(out())?.[1];
      const adminUrl = /admin API +(\S+)\/api\/v1/.exec(out())?.[1];
      if (url === undefined || adminUrl === undefined)
        throw new Error(`the gate did not start:\n${out()}${err()}`);
      return { url, adminUrl, link: /^ {2}(https?:\S+\?link=\S+)$/m.exec(out())?.[1] };
    },
  };
}

function collected(child: ChildProcess, name: 'stdout' | 'stderr'): () => string {
  const chunks: Buffer[] = [];
  child[name]?.on('data', (chunk: Buffer) => void chunks.push(chunk));
  return () => Buffer.concat(chunks).toString();
}

/** Processes whose environment, command or working directory names `path`: everything a gate of ours left behind. */
export function processesOf(path: string): readonly string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .map((pid) => ({
      pid,
      text: ['cmdline', 'environ'].map((file) => readOrEmpty(`/proc/${pid}/${file}`)).join('\0'),
    }))
    .filter(({ text }) => text.includes(path))
    .map(({ pid, text }) => `${pid} ${text.split('\0').slice(0, 4).join(' ')}`);
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** The command line in this process: what it prints, what it exits with, and what a person would type. */
import { readFile } from 'node:fs/promises';
import { checkModelCommand } from '../../src/cli/local/check-model.ts';
import { migrateCommand } from '../../src/cli/local/migrate.ts';
import { serveCommand } from '../../src/cli/local/serve.ts';
import { verifyAuditCommand } from '../../src/cli/local/verify-audit.ts';
import { run } from '../../src/cli/run.ts';
import type { Terminal } from '../../src/cli/run.ts';

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** Standard output read as JSON. */
  json(): any; // eslint-disable-line typescript/no-explicit-any -- tests look into whatever came back
}

export interface CommandLine {
  /** Runs one command line. */
  (...argv: string[]): Promise<Ran>;
  /** The same with this standard input. */
  typing(secret: string, ...argv: string[]): Promise<Ran>;
}

/** `data` is named to every command; without it the defaults count. */
export function commandLine(options: {
  readonly cwd: string;
  readonly data?: string;
  readonly env?: Record<string, string>;
}): CommandLine {
  async function typing(secret: string, ...argv: string[]): Promise<Ran> {
    const [out, err]: [string[], string[]] = [[], []];
    const terminal: Terminal = {
      env: { ...(options.data === undefined ? {} : { JUPYTER_GATE_DATA: options.data }), ...options.env },
      cwd: options.cwd,
      out: (text) => void out.push(text),
      err: (text) => void err.push(text),
      readSecret: () => Promise.resolve(secret),
      readFile: (path) => readFile(path, 'utf8'),
      now: () => Date.now(),
    };
    const local = {
      serve: serveCommand,
      migrate: migrateCommand,
      'model check': checkModelCommand,
      'audit verify': verifyAuditCommand,
    };
    const code = await run(argv, terminal, local);
    return { code, out: out.join(''), err: err.join(''), json: () => JSON.parse(out.join('')) };
  }
  return Object.assign((...argv: string[]) => typing('', ...argv), { typing });
}

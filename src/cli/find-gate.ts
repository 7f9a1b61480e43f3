/** Where the running gate's admin listener is, and the token that opens it. */
import { join } from 'node:path';
import type { GateConfig } from '../config/config.ts';
import { CliError } from './cli-error.ts';

/** File in the data directory in which a running gate writes the address of its admin listener. */
export const ADMIN_URL_FILE = 'admin.url';
const TOKEN_FILE = 'admin.token';

export interface FoundGate {
  readonly url: string;
  readonly token: string;
}

/** Reads both from the data directory. Throws `CliError` when there is no token to be found. */
export async function findGate(
  config: GateConfig,
  readFile: (path: string) => Promise<string>,
): Promise<FoundGate> {
  const token = config.adminToken ?? (await optional(readFile, join(config.data, TOKEN_FILE)));
  if (token === undefined) {
    throw new CliError(
      `there is no admin token in ${config.data}`,
      'start the gate once, name its data directory with `--data DIR`, or set JUPYTER_GATE_ADMIN_TOKEN',
    );
  }
  const url =
    (await optional(readFile, join(config.data, ADMIN_URL_FILE))) ??
    `http://${config.adminHost}:${config.adminPort}`;
  return { url: url.trim(), token: token.trim() };
}

async function optional(
  readFile: (path: string) => Promise<string>,
  path: string,
): Promise<string | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new CliError(
      `cannot read ${path}: ${(error as Error).message}`,
      'run this as the account the gate runs under',
      error,
    );
  }
}

/** A fresh directory that only one account enters: it holds Jupyter's socket, its runtime files and a little configuration. */
import { chown, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeLabConfig } from './lab-config.ts';
import type { OsAccount } from './os-account.ts';

export interface PrivateDirectory {
  readonly socketPath: string;
  readonly runtimeDir: string;
  /** Goes first on Jupyter's configuration path. */
  readonly configDir: string;
  remove(): Promise<void>;
}

/** The address of a Unix socket holds 104 to 108 bytes, depending on the system. */
const MOST_SOCKET_BYTES = 100;

/** Mode 0700, owned by `account` when there is one; root enters it anyway. */
export async function privateDirectory(account: OsAccount | undefined): Promise<PrivateDirectory> {
  const path = await mkdtemp(join(shortTemporary(), 'jg-'));
  const runtimeDir = join(path, 'runtime');
  const configDir = join(path, 'config');
  await mkdir(runtimeDir, { mode: 0o700 });
  const written = await writeLabConfig(configDir);
  if (account !== undefined) {
    for (const made of [...written, runtimeDir, path]) await chown(made, account.uid, account.gid);
  }
  return {
    socketPath: join(path, 's'),
    runtimeDir,
    configDir,
    remove: () => rm(path, { recursive: true, force: true }),
  };
}

function shortTemporary(): string {
  const usual = tmpdir();
  return Buffer.byteLength(join(usual, 'jg-xxxxxx', 's')) <= MOST_SOCKET_BYTES ? usual : '/tmp';
}

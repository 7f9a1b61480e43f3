/** The token of `gate:root`, for the command line on this machine. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hashSecret, mintToken } from '../authenticate/secrets.ts';
import { AppError } from '../core/errors.ts';

export interface AdminTokenOptions {
  /** Directory of the gate's own files. */
  readonly data: string;
  /** Used instead of the file when set; nothing is written then. */
  readonly configured: string | undefined;
}

export interface AdminToken {
  /** SHA-256, hex: what authenticate compares with. */
  readonly hash: string;
  /** Where the token is; undefined when it was configured. */
  readonly file: string | undefined;
}

const MIN_LENGTH = 16;

/**
 * The token of the configuration, else the one in `DATA/admin.token`, written with mode 0600 when it is not there.
 * Throws `CONFIG_INVALID` for a token that is too short to be a secret.
 */
export async function adminToken({ data, configured }: AdminTokenOptions): Promise<AdminToken> {
  if (configured !== undefined)
    return { hash: hashed(configured, '`JUPYTER_GATE_ADMIN_TOKEN`'), file: undefined };
  const file = join(data, 'admin.token');
  const written = await readOrUndefined(file);
  if (written !== undefined) return { hash: hashed(written, `\`${file}\``), file };
  const token = mintToken();
  // `wx`: a file that appeared in between, or a link somebody placed there, is never written through.
  await writeFile(file, `${token}\n`, { mode: 0o600, flag: 'wx' });
  return { hash: hashSecret(token), file };
}

function hashed(text: string, where: string): string {
  const token = text.trim();
  if (token.length >= MIN_LENGTH) return hashSecret(token);
  const detail = `expected at least ${MIN_LENGTH} characters in ${where}, received ${token.length}`;
  throw new AppError('CONFIG_INVALID', { detail });
}

async function readOrUndefined(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The account of `--jupyter-user`. */
import { AppError } from '../core/errors.ts';
import type { Environment } from './jupyter-environment.ts';
import { runCommand } from './run-command.ts';

export interface OsAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
}

const NAME = /^[a-z_][a-z0-9_.-]{0,31}$/i;

/** Looks the account up where the system does. Throws `CONFIG_INVALID` when it is unknown or we may not become it. */
export async function osAccount(name: string, env: Environment): Promise<OsAccount> {
  if (process.getuid?.() !== 0) throw refused('expected a gate started as root, received another account');
  const result = NAME.test(name)
    ? await runCommand('getent', ['passwd', name], { env, timeout: 10_000 })
    : undefined;
  const [, , uid, gid, , home, shell] = (result?.lines[0] ?? '').split(':');
  if (result?.code !== 0 || !isId(uid) || !isId(gid))
    throw refused(`expected an account of this system, received \`${name}\``);
  if (uid === '0') throw refused('expected an account other than root, received one with its number');
  return { name, uid: Number(uid), gid: Number(gid), home: home || '/', shell: shell || '/bin/sh' };
}

function isId(text: string | undefined): text is string {
  return text !== undefined && /^\d+$/.test(text);
}

function refused(message: string): AppError {
  return new AppError('CONFIG_INVALID', {
    detail: `jupyter-user: ${message}`,
    problems: [{ at: 'jupyter-user', message }],
  });
}

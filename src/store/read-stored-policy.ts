/** The policy of a database, whether a gate runs over it or not. */
import { existsSync } from 'node:fs';
import { AppError } from '../core/errors.ts';
import type { PolicyDocument } from '../core/policy.ts';
import { openReader } from './open-reader.ts';
import { readPolicy } from './policy-document.ts';

/**
 * Undefined where no gate has stored one yet. Throws `DATABASE_INVALID` for what is no database of this version,
 * `STORE_UNAVAILABLE` when it does not answer.
 */
export async function readStoredPolicy(database: string): Promise<PolicyDocument | undefined> {
  if (database.startsWith('sqlite:') && !existsSync(database.slice('sqlite:'.length))) return undefined;
  const reader = await openReader(database);
  try {
    return await reader.session.snapshot(readPolicy);
  } catch (cause) {
    if (cause instanceof AppError && cause.code === 'STORE_UNAVAILABLE') throw cause;
    throw new AppError('DATABASE_INVALID', {
      detail:
        'expected the policy of a gate of this version: start the gate once, or run `jupyter-gate migrate`',
      cause,
    });
  } finally {
    await reader.close();
  }
}

/** Lists a person's API tokens, revoked and expired ones too. */
import type { Repositories, TokenRecord } from '../../store/store.ts';
import { AppError } from '../../core/errors.ts';
import { requireUser } from '../require.ts';

/** Throws `USER_UNKNOWN`. */
export async function listTokens(repositories: Repositories, user: string): Promise<readonly TokenRecord[]> {
  return repositories.tokens.list((await requireUser(repositories, user)).name);
}

/** Throws `USER_UNKNOWN`, or `TOKEN_UNKNOWN`, also for a token of somebody else. */
export async function showToken(repositories: Repositories, user: string, id: string): Promise<TokenRecord> {
  const { name } = await requireUser(repositories, user);
  const token = await repositories.tokens.find(id);
  if (token === undefined || token.user !== name)
    throw new AppError('TOKEN_UNKNOWN', { detail: `\`${name}\` has no token \`${id}\`` });
  return token;
}

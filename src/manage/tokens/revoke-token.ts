/** Ends an API token at once, and the browser sessions that were opened with it. */
import type { TokenRecord } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { Written } from '../policy-writer.ts';
import { tokenView } from '../views.ts';
import { showToken } from './list-tokens.ts';

/** A revoked token stays revoked, so a second call changes nothing. Throws `USER_UNKNOWN` or `TOKEN_UNKNOWN`. */
export async function revokeToken(
  management: Management,
  actor: Actor,
  input: { readonly user: string; readonly id: string },
): Promise<Written<TokenRecord>> {
  const note = { what: 'token.revoke', target: `${input.user}/${input.id}` };
  return management.writer.changeCredentials(actor, note, async (tx) => {
    const token = await showToken(tx, input.user, input.id);
    if (token.revokedAt !== null) return { result: token, changed: false };
    const revokedAt = management.clock.now();
    await tx.tokens.revoke(token.id, revokedAt);
    const after = { ...token, revokedAt };
    return {
      result: after,
      changed: true,
      target: `${token.user}/${token.id}`,
      before: tokenView(token),
      after: tokenView(after),
    };
  });
}

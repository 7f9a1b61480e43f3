/** Issues an API token. */
import { hashSecret, mintId, mintToken } from '../../authenticate/secrets.ts';
import { AppError } from '../../core/errors.ts';
import type { Audience } from '../../core/identity.ts';
import type { Repositories, TokenRecord } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import { assertReaches, endWithin } from '../own-rights.ts';
import type { Written } from '../policy-writer.ts';
import { requireFuture, requireRole, requireUser } from '../require.ts';
import { tokenView } from '../views.ts';

export interface NewToken {
  readonly user: string;
  readonly note?: string | undefined;
  /** Epoch milliseconds; left out: as long as the actor's own token, `null`: until it is revoked. */
  readonly expiresAt?: number | null | undefined;
  /** Which listener takes it; `proxy` when left out. */
  readonly audience?: Audience | undefined;
  /** Only these of the owner's roles; left out: all of them. */
  readonly roles?: readonly string[] | undefined;
}

export interface IssuedToken {
  /** The secret: shown this once, only its hash is kept. */
  readonly token: string;
  readonly record: TokenRecord;
}

/**
 * Throws `USER_UNKNOWN`, `ROLE_UNKNOWN`, `INPUT_INVALID` (end in the past), or `BEYOND_OWN_RIGHTS` when the token
 * would do what the actor may not or outlive the one they ask with, or names a role its owner does not hold.
 */
export async function issueToken(
  management: Management,
  actor: Actor,
  input: NewToken,
): Promise<Written<IssuedToken>> {
  requireFuture('expires_at', input.expiresAt, management.clock.now());
  const token = mintToken();
  const note = { what: 'token.issue', target: input.user };
  return management.writer.changeCredentials(actor, note, async (tx) => {
    const { name } = await requireUser(tx, input.user);
    const roles =
      input.roles === undefined ? null : await rolesHeld(management, tx, { name, roles: input.roles });
    const expiresAt = endWithin(management, actor, input.expiresAt);
    assertReaches(management, actor, { user: name, roles, until: expiresAt });
    const record: TokenRecord = {
      id: mintId(),
      user: name,
      hash: hashSecret(token),
      note: input.note ?? '',
      audience: input.audience ?? 'proxy',
      roles,
      createdAt: management.clock.now(),
      expiresAt,
      revokedAt: null,
    };
    await tx.tokens.insert(record);
    return {
      result: { token, record },
      changed: true,
      target: `${name}/${record.id}`,
      after: tokenView(record),
    };
  });
}

async function rolesHeld(
  management: Management,
  tx: Repositories,
  asked: { readonly name: string; readonly roles: readonly string[] },
): Promise<string[]> {
  const held = management.decider.current.rolesOf(asked.name, management.serverName);
  const roles = new Set<string>();
  for (const input of asked.roles) {
    const role = await requireRole(tx, input);
    if (!held.includes(role)) {
      throw new AppError('BEYOND_OWN_RIGHTS', { detail: `\`${asked.name}\` does not hold \`${role}\`` });
    }
    roles.add(role);
  }
  return [...roles];
}

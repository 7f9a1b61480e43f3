/** Makes a one-time sign-in link for a user. */
import { hashSecret, mintSecret } from '../../authenticate/secrets.ts';
import { AppError } from '../../core/errors.ts';
import { userName } from '../../core/names.ts';
import type { Actor } from '../actor.ts';
import { instant } from '../views.ts';
import type { SignInDeps } from './sign-in-deps.ts';

export interface LinkInput {
  readonly user: string;
  /** Milliseconds; the configured lifetime when left out. */
  readonly lifetime?: number | undefined;
}

export interface CreatedLink {
  /** Goes into `…/gate/login?link=CODE`; it is shown this once and kept only as a hash. */
  readonly code: string;
  readonly user: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** In force when it was made. */
  readonly revision: number;
}

/**
 * Whoever opens the link has all rights of the user: the caller must have checked that `actor` may give them.
 * Throws `NAME_INVALID`, `USER_UNKNOWN` or `DENIED_DISABLED`.
 */
export async function createLink(
  deps: Pick<SignInDeps, 'store' | 'clock' | 'linkLifetime'>,
  actor: Actor,
  input: LinkInput,
): Promise<CreatedLink> {
  const code = mintSecret();
  const now = deps.clock.now();
  const expiresAt = now + (input.lifetime ?? deps.linkLifetime);
  return deps.store.transaction(async (tx) => {
    await actor.precondition?.(tx);
    const user = await tx.users.find(userName(input.user));
    if (user === undefined || user.removedAt !== null) throw new AppError('USER_UNKNOWN');
    if (!user.active) throw new AppError('DENIED_DISABLED');
    await tx.links.insert({
      hash: hashSecret(code),
      user: user.name,
      createdAt: now,
      expiresAt,
      usedAt: null,
    });
    const { revision } = await tx.state.counters();
    await tx.audit.append({
      at: now,
      actor: actor.subject,
      address: actor.address,
      via: actor.via,
      what: 'link.create',
      target: user.name,
      before: null,
      after: { expires_at: instant(expiresAt) },
      revision,
    });
    return { code, user: user.name, expiresAt, revision };
  });
}

/** Takes away what people sign in with when its time is over, so that no clock that is set back gives it to them again. */
import type { Repositories, SessionRecord, TokenRecord } from '../../store/store.ts';
import { clockActor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { AuditedChange } from '../policy-writer.ts';
import { instant, tokenView } from '../views.ts';

/** Changes of one transaction: a class that signed in at the same minute ends at the same minute. */
const SLICE = 200;

/**
 * Removes sessions and links that have ended and revokes tokens as of their end, with an audit entry for each session
 * and token. Of several gates on one database the first one does it.
 */
export async function endCredentials(management: Management): Promise<void> {
  for (let isMore = true; isMore;) isMore = await endSome(management);
  const now = management.clock.now();
  await management.store.transaction((tx) => tx.endings.removeLinks(now), { relaxed: true });
}

/** Whether there may be more. */
async function endSome({ writer, clock }: Management): Promise<boolean> {
  const note = { what: 'session.end', target: '' };
  const written = await writer.changeCredentials(clockActor, note, async (tx) => {
    const now = clock.now();
    const sessions = await tx.endings.sessions(now, SLICE);
    const tokens = await tx.endings.tokens(now, SLICE);
    const changes = [...(await endSessions(tx, sessions)), ...(await endTokens(tx, tokens))];
    const [first, ...also] = changes;
    const isMore = sessions.length === SLICE || tokens.length === SLICE;
    return { result: isMore, changed: first !== undefined, ...first, also };
  });
  return written.result;
}

async function endSessions(tx: Repositories, sessions: readonly SessionRecord[]): Promise<AuditedChange[]> {
  for (const { hash } of sessions) await tx.sessions.remove(hash);
  return sessions.map(({ id, user, expiresAt }) => ({
    what: 'session.end',
    target: user,
    before: { session: id, expires_at: instant(expiresAt) },
  }));
}

async function endTokens(tx: Repositories, tokens: readonly TokenRecord[]): Promise<AuditedChange[]> {
  const changes: AuditedChange[] = [];
  for (const token of tokens) {
    const revokedAt = token.expiresAt ?? 0;
    await tx.tokens.revoke(token.id, revokedAt);
    changes.push({
      what: 'token.end',
      target: `${token.user}/${token.id}`,
      before: tokenView(token),
      after: tokenView({ ...token, revokedAt }),
    });
  }
  return changes;
}

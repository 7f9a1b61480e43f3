/** Ends one session inside a transaction. */
import { hashSecret } from '../../authenticate/secrets.ts';
import type { Repositories } from '../../store/store.ts';

export interface CloseSessionInput {
  readonly secret: string;
  readonly at: number;
  readonly address: string;
  readonly why: 'signed out' | 'replaced';
}

/** False when there was no such session. The caller calls `forget` once the transaction is committed. */
export async function closeSession(tx: Repositories, input: CloseSessionInput): Promise<boolean> {
  const hash = hashSecret(input.secret);
  const session = await tx.sessions.findByHash(hash);
  if (session === undefined) return false;
  await tx.sessions.remove(hash);
  await tx.state.bumpCredentials();
  const { revision } = await tx.state.counters();
  await tx.audit.append({
    at: input.at,
    actor: session.user,
    address: input.address,
    what: 'session.close',
    target: session.user,
    before: { session: session.id },
    after: { why: input.why },
    revision,
  });
  return true;
}

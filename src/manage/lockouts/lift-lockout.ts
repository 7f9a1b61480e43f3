/** Lets somebody try again at once. */
import { AppError } from '../../core/errors.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { SignInAttempts } from '../sign-in/sign-in-deps.ts';
import { instant } from '../views.ts';
import { listLockouts } from './list-lockouts.ts';

export interface LiftDeps {
  readonly management: Pick<Management, 'store' | 'clock'>;
  readonly attempts: SignInAttempts;
}

/** Gives the revision in force. The next lock of the same name and address is a short one again. Throws `LOCKOUT_UNKNOWN`. */
export async function liftLockout(
  { management, attempts }: LiftDeps,
  actor: Actor,
  id: string,
): Promise<number> {
  const { store, clock } = management;
  const lockout = (await listLockouts(store.read, attempts)).find((each) => each.id === id);
  if (lockout === undefined) throw new AppError('LOCKOUT_UNKNOWN', { detail: `received \`${id}\`` });
  const inForce = await store.transaction(async (tx) => {
    await actor.precondition?.(tx);
    const { revision } = await tx.state.counters();
    await tx.audit.append({
      at: clock.now(),
      actor: actor.subject,
      address: actor.address,
      via: actor.via,
      what: 'lockout.lift',
      target: lockout.user,
      before: { address: lockout.address, until: instant(lockout.until) },
      after: null,
      revision,
    });
    return revision;
  });
  attempts[lockout.kind].lift(lockout.key);
  return inForce;
}

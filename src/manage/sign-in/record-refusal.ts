/** Writes a refused sign-in to the audit. */
import { asAppError } from '../../core/errors.ts';
import { ANONYMOUS } from '../../core/identity.ts';
import type { SignInDeps } from './sign-in-deps.ts';

export interface Refusal {
  readonly how: 'password' | 'link' | 'token' | 'invitation';
  /** The account that was tried; `''` when there is none of that name, as people type passwords there by mistake. */
  readonly user: string;
  readonly address: string;
}

/** Runs `attempt`; when it is refused, records that and lets the refusal through. Failures of the gate are not recorded. */
export async function recordRefusal<T>(
  deps: SignInDeps,
  refusal: Refusal,
  attempt: () => Promise<T>,
): Promise<T> {
  try {
    return await attempt();
  } catch (thrown) {
    const error = asAppError(thrown);
    if (error.status < 500) await appendRefusal(deps, refusal, error.code);
    throw thrown;
  }
}

async function appendRefusal({ store, clock }: SignInDeps, refusal: Refusal, code: string): Promise<void> {
  await store.transaction(
    async (tx) => {
      const { revision } = await tx.state.counters();
      await tx.audit.append({
        at: clock.now(),
        actor: ANONYMOUS,
        address: refusal.address,
        what: 'session.refused',
        target: refusal.user,
        before: null,
        after: { how: refusal.how, code },
        revision,
      });
    },
    { relaxed: true },
  );
}

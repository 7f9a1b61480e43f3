/** Hands a refused sign-in to the audit. */
import { asAppError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
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
    if (error.status < 500) addRefusal(deps, refusal, error.code);
    throw thrown;
  }
}

function addRefusal({ refusals, clock }: SignInDeps, refusal: Refusal, code: ErrorCode): void {
  refusals.add({
    at: clock.now(),
    subject: ANONYMOUS,
    address: refusal.address,
    via: 'proxy',
    what: 'session.refused',
    target: refusal.user,
    code,
    details: { how: refusal.how },
  });
}

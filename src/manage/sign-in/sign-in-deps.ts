/** What the sign-in use cases work with. */
import type { Attempts } from '../../authenticate/attempts.ts';
import type { Passwords } from '../../authenticate/passwords.ts';
import type { Clock } from '../../core/clock.ts';
import type { Refusals } from '../../core/refusal.ts';
import type { Store } from '../../store/store.ts';

export interface SignInDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly attempts: SignInAttempts;
  /** Takes refused sign-ins into the audit. */
  readonly refusals: Refusals;
  /** Milliseconds a session lasts. */
  readonly sessionLifetime: number;
  /** Milliseconds a sign-in link lasts. */
  readonly linkLifetime: number;
  /** Called after a session ended: drops what authenticate has cached and asks again about live sockets. */
  readonly forget: () => void;
}

export interface SignInAttempts {
  /** For each name and address together: nobody can lock a person out from elsewhere. */
  readonly byName: Attempts;
  /** For each address: one that tries many names, links or tokens. A classroom may share one. */
  readonly byAddress: Attempts;
}

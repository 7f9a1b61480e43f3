/** What every use case is given: handed over once by the composition root, never reached for. */
import type { Clock } from '../core/clock.ts';
import type { Decider } from '../decide/decider.ts';
import type { Preset } from '../decide/presets.ts';
import type { Store } from '../store/store.ts';
import type { PolicyWriter } from './policy-writer.ts';

export interface Management {
  readonly store: Store;
  readonly decider: Decider;
  readonly writer: PolicyWriter;
  readonly clock: Clock;
  /** Name of the server behind the gate: the domain in which the gate's own questions are asked. */
  readonly serverName: string;
  readonly presets: readonly Preset[];
  /** Now, as RFC 3339 text in the configured time zone: what conditions read as `r.time`. */
  readonly localTime: () => string;
  /** Turns a password into what is stored. */
  readonly hashPassword: (password: string) => Promise<string>;
}

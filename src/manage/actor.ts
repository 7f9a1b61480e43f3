/** Who changes something, as the audit names them and as their own rights are looked up. */
import type { AuditVia } from '../core/audit-entry.ts';
import { ROOT_SUBJECT } from '../core/identity.ts';
import type { Repositories } from '../store/store.ts';

export interface Actor {
  /** User name, or `gate:root`. */
  readonly subject: string;
  /** Only these of the subject's roles count (a token that holds fewer); `null` means all. */
  readonly roles: readonly string[] | null;
  /** Client address, `''` for the gate itself. */
  readonly address: string;
  /** Epoch milliseconds at which what they signed in with ends; `null` or left out: without an end. */
  readonly endsAt?: number | null | undefined;
  /** Which way it came, for the audit; told by the address when left out. */
  readonly via?: AuditVia | undefined;
  /**
   * Run first inside the transaction: throws when the actor may not do it any more, or when what they read before is not
   * so any more (`If-Match`).
   */
  readonly precondition?: ((tx: Repositories) => Promise<void>) | undefined;
}

/** The gate acting by itself: first start, import of a model file. */
export const gateActor: Actor = { subject: ROOT_SUBJECT, roles: null, address: '' };

/** The gate writing down what time has brought about already. */
export const clockActor: Actor = { ...gateActor, via: 'clock' };

/** Whether `actor` stands outside the model. */
export function isRoot(actor: Actor): boolean {
  return actor.subject === ROOT_SUBJECT;
}

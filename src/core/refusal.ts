/** What was refused, on its way to the audit. Handing it over never waits and never fails. */
import type { AuditVia } from './audit-entry.ts';
import type { ErrorCode } from './errors.ts';

export interface Refusal {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Who asked; `''` or a guest: nobody who signed in. */
  readonly subject: string;
  readonly address: string;
  readonly via: AuditVia;
  /** A request to Jupyter or a page, a request to the admin API, or a sign-in. */
  readonly what: 'request.refused' | 'admin.refused' | 'session.refused';
  readonly target: string;
  readonly code: ErrorCode;
  /** What else the entry says; never a token, code or password. */
  readonly details: Readonly<Record<string, unknown>>;
  /** Revision the refusal rests on; the one in force when left out. */
  readonly revision?: number | undefined;
}

export interface Refusals {
  /** Written in a moment; of a flood, the first few and then a count. */
  add(refusal: Refusal): void;
}

/** The part of the store's contract that keeps what people asked for after a refusal. Times are epoch milliseconds. */
import type { PageRequest } from './store.ts';

export type AccessRequestStatus = 'open' | 'approved' | 'declined' | 'withdrawn' | 'expired';
export interface AccessRequestRecord {
  readonly id: number;
  /** Who asks: a user name. */
  readonly subject: string;
  readonly server: string;
  /** What for: the question that was refused. */
  readonly res: string;
  readonly act: string;
  readonly path: string;
  /** Page to go on to, `''` for none. */
  readonly address: string;
  /** The smallest role that would have allowed it when it was asked, `''` for none. */
  readonly role: string;
  readonly reason: string;
  readonly status: AccessRequestStatus;
  readonly createdAt: number;
  readonly decidedAt: number | null;
  /** `''` while nobody has decided. */
  readonly decidedBy: string;
  /** What the decider wrote to the asker. */
  readonly note: string;
  /** The role made for this request alone, once approved. */
  readonly grantedRole: string;
  /** When what was given ends. */
  readonly expiresAt: number | null;
}
export interface AccessRequestFilter {
  readonly subject?: string | undefined;
  readonly server?: string | undefined;
  readonly res?: string | undefined;
  readonly act?: string | undefined;
  readonly path?: string | undefined;
  readonly status?: AccessRequestStatus | undefined;
  /** Epoch milliseconds: an open one made at that moment or before counts as expired. */
  readonly openSince?: number | undefined;
}

export interface AccessRequests {
  find(id: number): Promise<AccessRequestRecord | undefined>;
  /** Newest first; `after` is the id below which to go on. */
  list(filter: AccessRequestFilter, page: PageRequest<number>): Promise<AccessRequestRecord[]>;
  /** Throws `REQUEST_EXISTS` when the person has an open one for the same thing. */
  insert(request: Omit<AccessRequestRecord, 'id'>): Promise<AccessRequestRecord>;
  /** False when it was not open any more. */
  close(
    id: number,
    change: Partial<Omit<AccessRequestRecord, 'id' | 'subject'>> & Pick<AccessRequestRecord, 'status'>,
  ): Promise<boolean>;
  /** Drops closed requests of a person beyond the newest `keep` of theirs. */
  trim(subject: string, keep: number): Promise<void>;
}

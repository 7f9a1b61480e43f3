/** The store's contract: what the rest of the gate may ask of the database. Implemented once for SQLite and PostgreSQL. */
import type { GrantRecord, ModelRecord, PolicyChange, PolicyDocument, RuleRecord } from '../core/policy.ts';
import type { DecisionEntry } from '../core/entry.ts';
import type { FileWriters } from '../core/file-writers.ts';
import type { ChannelUsers, ObjectRegistry, PersonalDocuments } from '../core/objects.ts';
import type { Audience } from '../core/identity.ts';
import type { AccessRequests } from './access-requests.ts';
import type { Audit } from './audit-contract.ts';

/** All times are epoch milliseconds. */
export interface UserRecord {
  readonly name: string;
  readonly displayName: string;
  readonly active: boolean;
  readonly passwordHash: string | null;
  readonly createdAt: number;
  /** Set when removed: the row stays as a tombstone so that the name is not given again. */
  readonly removedAt: number | null;
}
export interface TokenRecord {
  readonly id: string;
  readonly user: string;
  /** SHA-256 of the token, hex. */
  readonly hash: string;
  readonly note: string;
  readonly audience: Audience;
  readonly roles: readonly string[] | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly revokedAt: number | null;
}
export interface SessionRecord {
  /** SHA-256 of the cookie's secret, hex. */
  readonly hash: string;
  /** Public id, for the record and for closing. */
  readonly id: string;
  readonly user: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly address: string;
  /** Id of the API token it was opened with, and ends with; `null` for every other way. */
  readonly tokenId: string | null;
}
export interface LinkRecord {
  /** SHA-256 of the code, hex. */
  readonly hash: string;
  readonly user: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  readonly usedAt: number | null;
}
export interface RoleRecord {
  readonly name: string;
  readonly description: string;
  readonly preset: string | null;
  readonly createdAt: number;
}
export type { AuditRecord, NewAuditEntry } from '../core/audit-entry.ts';
export type { Audit, AuditFilter, AuditHead, AuditReader, CheckpointRow } from './audit-contract.ts';

export interface InvitationRecord {
  /** Names it and opens nothing. */
  readonly id: string;
  /** SHA-256 of the code, hex. */
  readonly hash: string;
  /** The role people are invited to. */
  readonly role: string;
  /** Pattern the role is narrowed to, `''` for none. */
  readonly path: string;
  readonly server: string;
  /** The role made for this invitation alone, which those who accept are given. */
  readonly grantedRole: string;
  /** How many may accept; `null`: everybody who has the link. */
  readonly maxUses: number | null;
  readonly uses: number;
  readonly createdAt: number;
  readonly createdBy: string;
  readonly expiresAt: number;
  readonly revokedAt: number | null;
  /** Its end, once that has come and was recorded: no clock that is set back makes it good again. */
  readonly endedAt: number | null;
}
export interface AcceptanceRecord {
  /** Id of the invitation. */
  readonly invitation: string;
  readonly user: string;
  /** Whether the account was made by accepting. */
  readonly createdUser: boolean;
  readonly acceptedAt: number;
}

/** One page of a listing: rows after the cursor `after` (exclusive), at most `limit`. */
export interface PageRequest<Cursor> {
  readonly after?: Cursor | undefined;
  readonly limit: number;
}

export interface Users {
  find(name: string): Promise<UserRecord | undefined>;
  list(page: PageRequest<string>): Promise<UserRecord[]>;
  insert(user: UserRecord): Promise<void>;
  update(name: string, change: Partial<Omit<UserRecord, 'name'>>): Promise<void>;
}
export interface Tokens {
  findByHash(hash: string): Promise<TokenRecord | undefined>;
  find(id: string): Promise<TokenRecord | undefined>;
  list(user: string): Promise<TokenRecord[]>;
  insert(token: TokenRecord): Promise<void>;
  revoke(id: string, at: number): Promise<void>;
  revokeAll(user: string, at: number): Promise<void>;
}
export interface Sessions {
  findByHash(hash: string): Promise<SessionRecord | undefined>;
  insert(session: SessionRecord): Promise<void>;
  remove(hash: string): Promise<void>;
  removeAll(user: string): Promise<void>;
}
export interface Links {
  find(hash: string): Promise<LinkRecord | undefined>;
  insert(link: LinkRecord): Promise<void>;
  /** Marks the link used; false when it was used already. */
  consume(hash: string, at: number): Promise<boolean>;
  removeAll(user: string): Promise<void>;
}
export interface Roles {
  find(name: string): Promise<RoleRecord | undefined>;
  list(page: PageRequest<string>): Promise<RoleRecord[]>;
  upsert(role: RoleRecord): Promise<void>;
  remove(name: string): Promise<void>;
}
export interface GrantFilter {
  readonly subject?: string | undefined;
  readonly role?: string | undefined;
}
export interface Grants {
  find(id: number): Promise<GrantRecord | undefined>;
  findExact(subject: string, role: string, server: string): Promise<GrantRecord | undefined>;
  list(filter: GrantFilter, page: PageRequest<number>): Promise<GrantRecord[]>;
  insert(grant: Omit<GrantRecord, 'id'>): Promise<GrantRecord>;
  /** Many at once, in few statements; none of them may be there already. */
  insertMany(grants: readonly Omit<GrantRecord, 'id'>[]): Promise<void>;
  update(
    id: number,
    change: { readonly startsAt?: number | null; readonly expiresAt?: number | null },
  ): Promise<void>;
  remove(id: number): Promise<void>;
  /** `TypeError` on an empty filter: removing everything must never be an oversight. */
  removeAll(filter: GrantFilter): Promise<void>;
}
export interface RuleFilter {
  readonly sub?: string | undefined;
  readonly res?: string | undefined;
  readonly preset?: string | undefined;
}
export interface Rules {
  find(id: number): Promise<RuleRecord | undefined>;
  /** A rule with exactly these fields, whatever their order. */
  findExact(fields: Readonly<Record<string, string>>): Promise<RuleRecord | undefined>;
  list(filter: RuleFilter, page: PageRequest<number>): Promise<RuleRecord[]>;
  /** Throws `RULE_EXISTS` when a rule with these fields is there. */
  insert(rule: Omit<RuleRecord, 'id'>): Promise<RuleRecord>;
  /** Many at once, in few statements. Throws `RULE_EXISTS`, and the transaction must then be given up. */
  insertMany(rules: readonly Omit<RuleRecord, 'id'>[]): Promise<void>;
  remove(id: number): Promise<void>;
  /** `TypeError` on an empty filter. */
  removeAll(filter: RuleFilter): Promise<void>;
}
export interface Models {
  /** The version in force; undefined on an empty database. */
  current(): Promise<ModelRecord | undefined>;
  find(version: number): Promise<ModelRecord | undefined>;
  list(page: PageRequest<number>): Promise<ModelRecord[]>;
  /** Stores a new version and puts it in force. */
  insert(model: Omit<ModelRecord, 'version'>): Promise<ModelRecord>;
}
/** A change of the policy, and how many rules and grants there were after it. */
export interface StoredChange extends PolicyChange {
  readonly size: { readonly rules: number; readonly grants: number };
}
/** What the latest revisions changed. A revision that changed much, or the model, is left out. */
export interface PolicyChanges {
  add(change: StoredChange): Promise<void>;
  /** Those after `revision`, oldest first, at most `limit`. */
  since(revision: number, limit: number): Promise<StoredChange[]>;
}
export interface Invitations {
  find(id: string): Promise<InvitationRecord | undefined>;
  findByHash(hash: string): Promise<InvitationRecord | undefined>;
  /** By id. */
  list(page: PageRequest<string>): Promise<InvitationRecord[]>;
  insert(invitation: InvitationRecord): Promise<void>;
  update(
    id: string,
    change: { readonly uses?: number; readonly revokedAt?: number; readonly endedAt?: number },
  ): Promise<void>;
  /** In the order in which they accepted. */
  acceptances(invitation: string): Promise<AcceptanceRecord[]>;
  accept(acceptance: AcceptanceRecord): Promise<void>;
}
/** What came to its end by the clock and was not recorded yet: at most `limit` of each, in no order. */
export interface Endings {
  /** Whether there is any. */
  isDue(now: number): Promise<boolean>;
  sessions(now: number, limit: number): Promise<SessionRecord[]>;
  /** Those that were not revoked, as of the invitations. */
  tokens(now: number, limit: number): Promise<TokenRecord[]>;
  invitations(now: number, limit: number): Promise<InvitationRecord[]>;
  /** Takes away the sign-in links that have ended, used ones too. */
  removeLinks(now: number): Promise<void>;
}
/** Where an entry stands in the decision log: by its time, and by when it was written among those of one time. */
export interface DecisionPlace {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly seq: number;
}
export type DecisionRecord = DecisionEntry & DecisionPlace;
export interface Decisions {
  append(entries: readonly DecisionEntry[]): Promise<void>;
  /** Newest first; `after` is the place of the last one seen. */
  list(
    filter: { readonly subject?: string | undefined; readonly code?: string | undefined },
    page: PageRequest<DecisionPlace>,
  ): Promise<DecisionRecord[]>;
  /** Takes away at most `limit` of the oldest that are older than `at`; gives how many. */
  removeBefore(at: number, limit: number): Promise<number>;
}
/** Revisions and small values of the instance. */
export interface State {
  /** `revision` rises with every change of model, rules, grants or users; `credentials` with every ended token or session. */
  counters(): Promise<{ readonly revision: number; readonly credentials: number }>;
  bumpRevision(): Promise<number>;
  bumpCredentials(): Promise<number>;
  value(key: string): Promise<string | undefined>;
  setValue(key: string, value: string): Promise<void>;
}

export interface Repositories {
  readonly users: Users;
  readonly tokens: Tokens;
  readonly sessions: Sessions;
  readonly links: Links;
  readonly roles: Roles;
  readonly grants: Grants;
  readonly rules: Rules;
  readonly models: Models;
  readonly changes: PolicyChanges;
  readonly invitations: Invitations;
  readonly endings: Endings;
  readonly accessRequests: AccessRequests;
  readonly audit: Audit;
  readonly decisions: Decisions;
  readonly state: State;
  /** Everything a snapshot is built from, read in one go; `undefined` before the first model was stored. */
  policy(): Promise<PolicyDocument | undefined>;
}

export interface Store {
  readonly kind: 'sqlite' | 'postgres';
  /** Reads of committed rows only; never sees a transaction in progress. */
  readonly read: Repositories;
  /**
   * Runs `work` in one transaction. On SQLite all writes pass one queue (TypeORM shares one connection among all callers);
   * on PostgreSQL policy writers are serialised by a row lock taken by `bumpRevision`. Rolls back when `work` throws.
   * Database failures arrive as `STORE_UNAVAILABLE`. Committed means durable (`synchronous=FULL`) unless `relaxed`.
   */
  transaction<T>(
    work: (repositories: Repositories) => Promise<T>,
    options?: { readonly relaxed?: boolean },
  ): Promise<T>;
  readonly objects: ObjectRegistry;
  readonly documents: PersonalDocuments;
  readonly writers: FileWriters;
  readonly channelUsers: ChannelUsers;
  /**
   * Calls `listener` when another process changed `revision` or `credentials` (PostgreSQL; never on SQLite, which has
   * one process). Returns a function that stops it.
   */
  watch(
    listener: (counters: { readonly revision: number; readonly credentials: number }) => void,
  ): () => void;
  /** Milliseconds since the counters were last confirmed with the database; 0 on SQLite. */
  confirmedAge(): number;
  close(): Promise<void>;
}

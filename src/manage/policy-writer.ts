/**
 * The one way a change gets in: transaction (rows, revision, audit entry), snapshot built and checked inside it,
 * commit, swap, answer. What was acknowledged is durable and in force on this process.
 */
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Decider, Snapshot } from '../decide/decider.ts';
import type { Repositories, Store } from '../store/store.ts';
import type { Actor } from './actor.ts';
import { withLaterChanges } from './later-changes.ts';
import { isSmall, trackChanges } from './track-changes.ts';
import type { TrackedChange } from './track-changes.ts';
import { trackSignIns } from './track-sign-ins.ts';

/** What the audit says of a change. */
export interface AuditNote {
  /** Noun and verb, e.g. `grant.add`. */
  readonly what: string;
  /** What it is done to, e.g. a user name. */
  readonly target: string;
}

/** What an edit did. `before` and `after` go to the audit: never a secret or its hash. */
export interface Edited<T> {
  readonly result: T;
  /** False when everything was so already: nothing is written and the revision stays. */
  readonly changed: boolean;
  readonly before?: unknown;
  readonly after?: unknown;
  /** For things that get their id when they are stored; otherwise the note's target. */
  readonly target?: string | undefined;
  /** Where it turns out only inside; otherwise the note's. */
  readonly what?: string | undefined;
  /** More that was changed in the same revision, an audit entry each. */
  readonly also?: readonly AuditedChange[] | undefined;
}

/** One thing of several that a single edit changed. */
export interface AuditedChange extends AuditNote {
  readonly before?: unknown;
  readonly after?: unknown;
}
export type Edit<T> = (tx: Repositories) => Promise<Edited<T>>;

export interface Written<T> {
  readonly result: T;
  /** Revision in force after the change. */
  readonly revision: number;
  readonly changed: boolean;
}

/**
 * A check of every policy change, in two steps inside the transaction: before the edit, and with the policy that is
 * about to be committed. Either throws to refuse the change.
 */
export type PolicyCheck = (
  tx: Repositories,
  actor: Actor,
) => Promise<(after: Snapshot, change: TrackedChange) => Promise<void>>;

export interface PolicyWriter {
  /** Changes model, rules, grants, roles or users. Throws what the edit throws, and the refusals of the checks. */
  change<T>(actor: Actor, note: AuditNote, edit: Edit<T>): Promise<Written<T>>;
  /** Changes tokens, sessions or links, which the policy does not rest on; the revision stays. */
  changeCredentials<T>(actor: Actor, note: AuditNote, edit: Edit<T>): Promise<Written<T>>;
  /** Changes records on which neither the policy nor anybody's sign-in rests; no counter moves. */
  changeRecords<T>(actor: Actor, note: AuditNote, edit: Edit<T>): Promise<Written<T>>;
}

export interface PolicyWriterDeps {
  readonly store: Store;
  readonly decider: Decider;
  readonly clock: Clock;
  /** Drops what authenticate has cached. */
  readonly forget: () => void;
  readonly checks: readonly PolicyCheck[];
}

/** Builds the writer. All writers of one process must be this one object. */
export function createPolicyWriter(deps: PolicyWriterDeps): PolicyWriter {
  const { store, decider } = deps;

  async function inTransaction<T>(work: (tx: Repositories) => Promise<Written<T>>): Promise<Written<T>> {
    try {
      return await store.transaction(work);
    } catch (error) {
      if (error instanceof NothingChanged) return error.written as Written<T>;
      throw error;
    }
  }

  return {
    async change<T>(actor: Actor, note: AuditNote, edit: Edit<T>): Promise<Written<T>> {
      let built: Snapshot | undefined;
      let touchesSignIns = false;
      const written = await inTransaction<T>(async (tx) => {
        // First, because on PostgreSQL this is the lock that makes what the edit reads stay true until it commits.
        const revision = await tx.state.bumpRevision();
        await actor.precondition?.(tx);
        const checks = await Promise.all(deps.checks.map((check) => check(tx, actor)));
        const signIns = trackSignIns(tx);
        const tracking = trackChanges(signIns.tx);
        const edited = await edit(tracking.tx);
        touchesSignIns = signIns.hasTouched();
        if (!edited.changed)
          throw new NothingChanged({ result: edited.result, revision: revision - 1, changed: false });
        await appendAudit(tx, { actor, note, edited, revision, at: deps.clock.now() });
        const change = tracking.change();
        built = (await after(tx, change, revision)) ?? (await builtWhole(tx));
        for (const check of checks) await check(built, change);
        // Only where there may be other gates, which take it over as it was done here.
        if (store.kind === 'postgres' && isSmall(change))
          await tx.changes.add({ revision, rules: change.rules, grants: change.grants, size: built.size });
        return { result: edited.result, revision, changed: true };
      });
      if (written.changed) {
        if (built !== undefined) decider.swap(built);
        // A rule or a grant changes nothing about who is signed in: after it nobody is looked up again.
        if (touchesSignIns) deps.forget();
      }
      return written;
    },

    async changeCredentials<T>(actor: Actor, note: AuditNote, edit: Edit<T>): Promise<Written<T>> {
      const written = await inTransaction<T>(async (tx) => {
        const { revision } = await tx.state.counters();
        await actor.precondition?.(tx);
        const edited = await edit(tx);
        if (!edited.changed) throw new NothingChanged({ result: edited.result, revision, changed: false });
        await tx.state.bumpCredentials();
        await appendAudit(tx, { actor, note, edited, revision, at: deps.clock.now() });
        return { result: edited.result, revision, changed: true };
      });
      if (written.changed) deps.forget();
      return written;
    },

    changeRecords<T>(actor: Actor, note: AuditNote, edit: Edit<T>): Promise<Written<T>> {
      return inTransaction<T>(async (tx) => {
        const { revision } = await tx.state.counters();
        await actor.precondition?.(tx);
        const edited = await edit(tx);
        if (!edited.changed) throw new NothingChanged({ result: edited.result, revision, changed: false });
        await appendAudit(tx, { actor, note, edited, revision, at: deps.clock.now() });
        return { result: edited.result, revision, changed: true };
      });
    },
  };

  /** The policy before with the change; `undefined` where that cannot be told or is not a small one. */
  async function after(
    tx: Repositories,
    change: TrackedChange,
    revision: number,
  ): Promise<Snapshot | undefined> {
    if (!isSmall(change)) return undefined;
    const { current } = decider;
    // Another gate may have written since this one heard of it last.
    const before = current.revision < revision - 1 ? await withLaterChanges(current, tx.changes) : current;
    return before?.after({ revision, ...change });
  }

  async function builtWhole(tx: Repositories): Promise<Snapshot> {
    const document = await tx.policy();
    if (document === undefined) throw new AppError('MODEL_UNKNOWN', { detail: 'no model was stored yet' });
    return decider.build(document);
  }
}

interface AuditInput {
  readonly actor: Actor;
  readonly note: AuditNote;
  readonly edited: Edited<unknown>;
  readonly revision: number;
  readonly at: number;
}

async function appendAudit(tx: Repositories, input: AuditInput): Promise<void> {
  const { actor, note, edited, revision, at } = input;
  const { what = note.what, target = note.target, before, after } = edited;
  const who = { at, actor: actor.subject, address: actor.address, via: actor.via, revision };
  const changes: AuditedChange[] = [{ what, target, before, after }, ...(edited.also ?? [])];
  await tx.audit.append(
    ...changes.map((change) => ({
      ...who,
      what: change.what,
      target: change.target,
      before: change.before,
      after: change.after,
    })),
  );
}

/** Leaves the transaction by its rollback, so that a change without effect leaves no trace. */
class NothingChanged extends Error {
  readonly written: Written<unknown>;

  constructor(written: Written<unknown>) {
    super('nothing changed');
    this.name = 'NothingChanged';
    this.written = written;
  }
}

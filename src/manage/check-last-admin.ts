/** Refuses a change after which nobody could change the model any more. */
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { clockActor, isRoot } from './actor.ts';
import { ANONYMOUS } from '../core/identity.ts';
import { isRole } from '../core/names.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Decider, Snapshot } from '../decide/decider.ts';
import type { Repositories, Store } from '../store/store.ts';
import { plainQuestion } from './ask.ts';
import type { PolicyCheck } from './policy-writer.ts';

const SLICE = 500;

export interface LastAdminDeps {
  readonly store: Store;
  readonly decider: Decider;
  readonly clock: Clock;
  readonly serverName: string;
  readonly localTime: () => string;
}

/**
 * A check for the writer. Throws `LAST_ADMIN` when the candidate leaves no active user who may write `gate:model`
 * without an end. When there was none before either (first start, or a model file that names nobody), nothing is
 * lost by the change and it passes: the holder of the admin token is then the one who repairs it.
 */
export function createLastAdminCheck(deps: LastAdminDeps): PolicyCheck {
  // whom the search found last time: nearly always it ends with them again
  let known: string | undefined;
  return async (tx, actor) => async (after) => {
    // It is so whether or not it is written down; refusing the entry would give nobody a right back.
    if (actor === clockActor) return;
    const first = [...(known === undefined ? [] : [known]), ...(isRoot(actor) ? [] : [actor.subject])];
    const found = await lastingAdmin(deps, { snapshot: after, users: tx, first });
    if (found !== undefined) {
      known = found;
      return;
    }
    const { current } = deps.decider;
    const before = await lastingAdmin(deps, { snapshot: current, users: deps.store.read, first });
    if (before !== undefined) throw new AppError('LAST_ADMIN');
  };
}

interface Search {
  readonly snapshot: Snapshot;
  readonly users: Repositories;
  /** Names to try before all others. */
  readonly first: readonly string[];
}

/** The name of somebody who may; `undefined` for nobody. */
async function lastingAdmin(deps: LastAdminDeps, search: Search): Promise<string | undefined> {
  const lasting = await someoneWhoMay(
    deps,
    search,
    (verdict) => verdict.allowed && verdict.validUntil === null,
  );
  if (lasting !== undefined) return lasting;
  // `validUntil` is the end of anything the asker rests on; a lasting right may stand beside one that ends.
  const snapshot = await lastingPart(deps, search.snapshot);
  return snapshot && someoneWhoMay(deps, { ...search, snapshot }, (verdict) => verdict.allowed);
}

/** The policy without the grants that end or have not begun, and without the rights that depend on the time. */
async function lastingPart(deps: LastAdminDeps, snapshot: Snapshot): Promise<Snapshot | undefined> {
  const now = deps.clock.now();
  const document = snapshot.document();
  const grants = document.grants.filter((grant) => grant.expiresAt === null && (grant.startsAt ?? 0) <= now);
  const rules = document.rules.filter(
    ({ fields }) => fields['eft'] === 'deny' || !(fields['cond'] ?? '').includes('r.time'),
  );
  if (grants.length === document.grants.length && rules.length === document.rules.length) return undefined;
  return deps.decider.build({ ...document, grants, rules });
}

async function someoneWhoMay(
  deps: LastAdminDeps,
  { snapshot, users, first }: Search,
  suffices: (verdict: Verdict) => boolean,
): Promise<string | undefined> {
  const may = (name: string) => suffices(verdictFor(deps, snapshot, name));
  const tried = new Set<string>();
  for (const name of namedInPolicy(snapshot, first)) {
    if (tried.has(name)) continue;
    tried.add(name);
    if (tried.size % SLICE === 0) await turn();
    if (may(name) && (await isActive(users, name))) return name;
  }
  // Rules may reach users they do not name (`role:everyone`, a model of one's own).
  for (let after: string | undefined; ;) {
    const page = await users.users.list({ after, limit: SLICE });
    const found = page.find((user) => user.active && !tried.has(user.name) && may(user.name));
    if (found !== undefined) return found.name;
    after = page.at(-1)?.name;
    if (after === undefined) return undefined;
  }
}

function* namedInPolicy(snapshot: Snapshot, first: readonly string[]): Iterable<string> {
  yield* first;
  for (const subject of snapshot.subjects()) if (isUser(subject)) yield subject;
}

function isUser(subject: string): boolean {
  return subject !== ANONYMOUS && subject !== '' && !isRole(subject);
}

function verdictFor(deps: LastAdminDeps, snapshot: Snapshot, sub: string): Verdict {
  const question = plainQuestion(
    { sub, res: 'gate:model', act: 'write' },
    { serverName: deps.serverName, address: '', time: deps.localTime() },
  );
  return snapshot.decide(question);
}

async function isActive(repositories: Repositories, name: string): Promise<boolean> {
  const user = await repositories.users.find(name);
  return user !== undefined && user.active && user.removedAt === null;
}

/**
 * Nobody gives more than they hold. Whoever may write the model may write anything; everyone else's changes are
 * compared with the rules they hold themselves.
 */
import { beyond } from '../decide/covers.ts';
import { AppError } from '../core/errors.ts';
import { EVERYONE_ROLE } from '../core/identity.ts';
import { isRole } from '../core/names.ts';
import type { GrantRecord, RuleRecord } from '../core/policy.ts';
import type { Decider, Snapshot } from '../decide/decider.ts';
import type { Repositories } from '../store/store.ts';
import type { Actor } from './actor.ts';
import { isRoot } from './actor.ts';
import { plainQuestion } from './ask.ts';
import { inTheirPlace } from './in-their-place.ts';
import { readAll } from './page.ts';
import type { PolicyCheck } from './policy-writer.ts';
import type { TrackedChange } from './track-changes.ts';

export interface OwnRightsDeps {
  readonly decider: Decider;
  readonly serverName: string;
  readonly localTime: () => string;
}

/** A check for the writer. Throws `BEYOND_OWN_RIGHTS`, naming the first rule that the actor does not hold. */
export function createOwnRightsCheck(deps: OwnRightsDeps): PolicyCheck {
  return async (tx, actor) => {
    const holder = deps.decider.current;
    if (mayEverything(deps, holder, actor)) return async () => {};
    return async (after, change) => assertHolds(deps, actor, await gained(tx, after, change));
  };
}

/** Whose rights somebody else wants to have, and how long. */
export interface Reached {
  readonly user: string;
  /** Only these of their roles; `null` means all. */
  readonly roles?: readonly string[] | null | undefined;
  /** Epoch milliseconds; left out or `null`: without an end. */
  readonly until?: number | null | undefined;
}

/**
 * Throws `BEYOND_OWN_RIGHTS` unless the actor holds every right of the user, as long as these last:
 * a password, a link or a token of somebody else is their rights in the actor's hand.
 */
export function assertReaches(
  deps: OwnRightsDeps,
  actor: Actor,
  { user, roles = null, until }: Reached,
): void {
  const holder = deps.decider.current;
  if (mayEverything(deps, holder, actor)) return;
  // What opens one's own rights ends with them.
  const end = user === actor.subject ? 0 : (until ?? Infinity);
  const names = roles ?? [user, EVERYONE_ROLE];
  const given = names.flatMap((name) => rulesOf(holder, name, end));
  // `{user}` in a rule of somebody else is their place, not the actor's.
  const theirs = given.map((one) => ({ ...one, rule: inTheirPlace(one.rule, user) }));
  assertHolds(deps, actor, user === actor.subject ? given : theirs);
}

/**
 * When a token that the actor issues ends: with the actor's own at the latest. Throws `BEYOND_OWN_RIGHTS` when it is to
 * last longer by name. Whoever may write the model may give themselves any right for ever, and so a token too.
 */
export function endWithin(
  deps: OwnRightsDeps,
  actor: Actor,
  wanted: number | null | undefined,
): number | null {
  const { endsAt = null } = actor;
  if (endsAt === null || mayEverything(deps, deps.decider.current, actor)) return wanted ?? null;
  if (wanted === undefined || (wanted !== null && wanted <= endsAt)) return wanted ?? endsAt;
  const end = new Date(endsAt).toISOString();
  throw new AppError('BEYOND_OWN_RIGHTS', {
    detail: `the token you ask with ends at ${end}, and one that it issues ends then at the latest`,
  });
}

export interface LentRules {
  readonly rules: readonly Readonly<Record<string, string>>[];
  readonly server: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** Throws `BEYOND_OWN_RIGHTS` unless the actor holds what every rule allows there, and until then. */
export function assertGivesRules(
  deps: OwnRightsDeps,
  actor: Actor,
  { rules, server, until }: LentRules,
): void {
  if (mayEverything(deps, deps.decider.current, actor)) return;
  const unstored = { id: 0, preset: null, createdAt: 0, createdBy: actor.subject };
  const given = rules.map((fields) => ({ rule: narrowed({ ...unstored, fields }, server), until }));
  assertHolds(deps, actor, given);
}

export interface Lent {
  readonly role: string;
  readonly server: string;
  /** Epoch milliseconds. */
  readonly until: number;
}

/** Throws `BEYOND_OWN_RIGHTS` unless the actor holds every right of the role there, and until then. */
export function assertGives(deps: OwnRightsDeps, actor: Actor, { role, server, until }: Lent): void {
  const holder = deps.decider.current;
  if (mayEverything(deps, holder, actor)) return;
  const given = rulesOf(holder, role, until);
  const there = given.map((one) => ({ ...one, rule: narrowed(one.rule, server) }));
  assertHolds(deps, actor, there);
}

/** A rule, and until when it is given: epoch milliseconds, `Infinity` without an end. */
interface Given {
  readonly rule: RuleRecord;
  readonly until: number;
}

function mayEverything(deps: OwnRightsDeps, snapshot: Snapshot, actor: Actor): boolean {
  if (isRoot(actor)) return true;
  const context = { serverName: deps.serverName, address: actor.address, time: deps.localTime() };
  const question = plainQuestion({ sub: actor.subject, res: 'gate:model', act: 'write' }, context);
  return snapshot.decide(question, actor.roles).allowed;
}

/** A rule that denies gives nobody anything. */
function assertHolds({ decider }: OwnRightsDeps, { subject, roles }: Actor, rules: readonly Given[]): void {
  const given = rules.filter(({ rule }) => !isDeny(rule));
  const ends = new Set(given.map(({ until }) => until));
  const [first, ...others] = [...ends].flatMap((end) => {
    const atOnce = given.filter(({ until }) => until === end).map(({ rule }) => rule);
    return beyond(decider.current, { subject, roles, until: end }, atOnce);
  });
  if (first === undefined) return;
  const { sub, srv, res, act, path } = first.fields;
  const rule = [sub, srv, res, act, path].map((field) => field ?? '').join(', ');
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new AppError('BEYOND_OWN_RIGHTS', {
    detail: `you do not hold the rule \`${rule}\`${more}, or not as long as you would give it`,
  });
}

/** Every right somebody has after a change and had not before, as rules. */
async function gained(
  tx: Repositories,
  after: Snapshot,
  { rules, grants, isOtherModel }: TrackedChange,
): Promise<Given[]> {
  if (isOtherModel) throw new AppError('BEYOND_OWN_RIGHTS', { detail: 'the model is not yours to change' });
  const before = policyBefore(after, { rules, grants });
  const added: Given[] = [];
  for (const rule of rules.added) added.push({ rule, until: await endOf(tx, rule.fields['sub'] ?? '') });
  return [
    ...added,
    ...grants.added.flatMap((grant) => rulesGiven(after, grant)),
    ...rules.removed.filter(isDeny).map(allowing),
    ...grants.removed
      .flatMap((grant) => rulesGiven(before, grant))
      .flatMap(({ rule }) => (isDeny(rule) ? allowing(rule) : [])),
  ];
}

/** How long the present holders of a rule's subject have it; whoever is given the role later is given the rule with it. */
async function endOf(tx: Repositories, subject: string): Promise<number> {
  if (!isRole(subject) || subject === EVERYONE_ROLE) return Infinity;
  const grants = await readAll((page) => tx.grants.list({ role: subject }, page));
  return Math.max(0, ...grants.map(endOfGrant));
}

function endOfGrant({ expiresAt }: GrantRecord): number {
  return expiresAt ?? Infinity;
}

/** Who holds and who may what. */
type Held = Pick<Snapshot, 'rulesOf' | 'grantsOf'>;

/** What was there before a change; a grant that was changed counts as both. */
function policyBefore(after: Held, { rules, grants }: Pick<TrackedChange, 'rules' | 'grants'>): Held {
  const isNew = new Set(rules.added.map((rule) => rule.id));
  return {
    rulesOf: (subject) => [
      ...after.rulesOf(subject).filter((rule) => !isNew.has(rule.id)),
      ...rules.removed.filter((rule) => rule.fields['sub'] === subject),
    ],
    grantsOf: (subject) => [
      ...after.grantsOf(subject),
      ...grants.removed.filter((grant) => grant.subject === subject),
    ],
  };
}

/** The rules a grant brings, narrowed to its server. */
function rulesGiven(policy: Held, grant: GrantRecord): Given[] {
  return rulesOf(policy, grant.role, endOfGrant(grant)).map(({ rule, until }) => ({
    rule: narrowed(rule, grant.server),
    until,
  }));
}

/** Rules of `subject` until `end`, and of every role it holds until both end. A superset where grants differ in server. */
function rulesOf(policy: Held, subject: string, end: number): Given[] {
  const ends = new Map([[subject, end]]);
  for (const queue = [subject]; queue.length > 0;) {
    const holder = queue.pop() ?? '';
    for (const grant of policy.grantsOf(holder)) {
      const until = Math.min(ends.get(holder) ?? 0, endOfGrant(grant));
      if (!isRole(grant.role) || until <= (ends.get(grant.role) ?? -1)) continue;
      ends.set(grant.role, until);
      queue.push(grant.role);
    }
  }
  return [...ends].flatMap(([name, until]) => policy.rulesOf(name).map((rule) => ({ rule, until })));
}

function narrowed(rule: RuleRecord, server: string): RuleRecord {
  const srv = rule.fields['srv'] ?? '*';
  return server !== '*' && srv === '*' ? { ...rule, fields: { ...rule.fields, srv: server } } : rule;
}

function isDeny(rule: RuleRecord): boolean {
  return rule.fields['eft'] === 'deny';
}

/** The refusal turned into the right that its loss gives. */
function allowing(rule: RuleRecord): Given {
  return { rule: { ...rule, fields: { ...rule.fields, eft: 'allow' } }, until: Infinity };
}

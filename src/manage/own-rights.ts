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
import type { Actor } from './actor.ts';
import { isRoot } from './actor.ts';
import { plainQuestion } from './ask.ts';
import type { PolicyCheck } from './policy-writer.ts';
import type { TrackedChange } from './track-changes.ts';

export interface OwnRightsDeps {
  readonly decider: Decider;
  readonly serverName: string;
  readonly localTime: () => string;
}

/** A check for the writer. Throws `BEYOND_OWN_RIGHTS`, naming the first rule that the actor does not hold. */
export function createOwnRightsCheck(deps: OwnRightsDeps): PolicyCheck {
  return async (_tx, actor) => {
    const holder = deps.decider.current;
    if (mayEverything(deps, holder, actor)) return async () => {};
    return async (after, change) => assertHolds(deps, actor, gained(after, change));
  };
}

/**
 * Throws `BEYOND_OWN_RIGHTS` unless the actor holds every right of `user`, narrowed to `roles` when given:
 * a password, a link or a token of somebody else is their rights in the actor's hand.
 */
export function assertReaches(
  deps: OwnRightsDeps,
  actor: Actor,
  user: string,
  roles: readonly string[] | null = null,
): void {
  const holder = deps.decider.current;
  if (mayEverything(deps, holder, actor)) return;
  const own = roles === null ? rulesOf(holder, user) : roles.flatMap((role) => rulesOf(holder, role));
  const all = roles === null ? [...own, ...rulesOf(holder, EVERYONE_ROLE)] : own;
  assertHolds(
    deps,
    actor,
    all.filter((rule) => !isDeny(rule)),
  );
}

function mayEverything(deps: OwnRightsDeps, snapshot: Snapshot, actor: Actor): boolean {
  if (isRoot(actor)) return true;
  const context = { serverName: deps.serverName, address: actor.address, time: deps.localTime() };
  const question = plainQuestion({ sub: actor.subject, res: 'gate:model', act: 'write' }, context);
  return snapshot.decide(question, actor.roles).allowed;
}

function assertHolds(deps: OwnRightsDeps, actor: Actor, rules: readonly RuleRecord[]): void {
  if (rules.length === 0) return;
  const [first, ...others] = beyond(
    deps.decider.current,
    { subject: actor.subject, roles: actor.roles },
    rules,
  );
  if (first === undefined) return;
  const { sub, srv, res, act, path } = first.fields;
  const rule = [sub, srv, res, act, path].map((field) => field ?? '').join(', ');
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  throw new AppError('BEYOND_OWN_RIGHTS', { detail: `you do not hold the rule \`${rule}\`${more}` });
}

/** Every right somebody has after a change and had not before, as rules that allow it. */
function gained(after: Snapshot, { rules, grants, isOtherModel }: TrackedChange): RuleRecord[] {
  if (isOtherModel) throw new AppError('BEYOND_OWN_RIGHTS', { detail: 'the model is not yours to change' });
  const before = policyBefore(after, { rules, grants });
  return [
    ...rules.added.filter((rule) => !isDeny(rule)),
    ...grants.added.flatMap((grant) => rulesGiven(after, grant).filter((rule) => !isDeny(rule))),
    ...rules.removed.filter(isDeny).map(allowing),
    ...grants.removed.flatMap((grant) => rulesGiven(before, grant).filter(isDeny)).map(allowing),
  ];
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
function rulesGiven(policy: Held, grant: GrantRecord): RuleRecord[] {
  return rulesOf(policy, grant.role).map((rule) => narrowed(rule, grant.server));
}

/** Rules of `subject` and of every role it holds, each narrowed to where it holds. A superset where grants end or differ in server. */
function rulesOf(policy: Held, subject: string): RuleRecord[] {
  const held = new Set([subject]);
  for (const holder of held) {
    for (const grant of policy.grantsOf(holder)) if (isRole(grant.role)) held.add(grant.role);
  }
  return [...held].flatMap((name) => policy.rulesOf(name));
}

function narrowed(rule: RuleRecord, server: string): RuleRecord {
  const srv = rule.fields['srv'] ?? '*';
  return server !== '*' && srv === '*' ? { ...rule, fields: { ...rule.fields, srv: server } } : rule;
}

function isDeny(rule: RuleRecord): boolean {
  return rule.fields['eft'] === 'deny';
}

/** The refusal turned into the right that its loss gives. */
function allowing(rule: RuleRecord): RuleRecord {
  return { ...rule, fields: { ...rule.fields, eft: 'allow' } };
}

/**
 * Nobody gives more than they hold. Whoever may write the model may write anything; everyone else's changes are
 * compared with the rules they hold themselves.
 */
import { beyond } from '../decide/covers.ts';
import { AppError } from '../core/errors.ts';
import { EVERYONE_ROLE } from '../core/identity.ts';
import { isRole } from '../core/names.ts';
import type { GrantRecord, PolicyDocument, RuleRecord } from '../core/policy.ts';
import type { Decider, Snapshot } from '../decide/decider.ts';
import type { Actor } from './actor.ts';
import { isRoot } from './actor.ts';
import { plainQuestion } from './ask.ts';
import type { PolicyCheck } from './policy-writer.ts';

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
    const before = await tx.policy();
    return async (after) => {
      if (before !== undefined) assertHolds(deps, actor, gained(before, after.document));
    };
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
  const { document } = holder;
  const own = roles === null ? rulesOf(document, user) : roles.flatMap((role) => rulesOf(document, role));
  const all = roles === null ? [...own, ...rulesOf(document, EVERYONE_ROLE)] : own;
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

/** Every right somebody has in `after` and had not in `before`, as rules that allow it. */
function gained(before: PolicyDocument, after: PolicyDocument): RuleRecord[] {
  if (before.model.version !== after.model.version)
    throw new AppError('BEYOND_OWN_RIGHTS', { detail: 'the model is not yours to change' });
  const newRules = without(after.rules, before.rules).filter((rule) => !isDeny(rule));
  const lostRefusals = without(before.rules, after.rules).filter(isDeny);
  const newGrants = changed(after.grants, before.grants);
  const lostGrants = changed(before.grants, after.grants);
  return [
    ...newRules,
    ...newGrants.flatMap((grant) => rulesGiven(after, grant).filter((rule) => !isDeny(rule))),
    ...lostRefusals.map(allowing),
    ...lostGrants.flatMap((grant) => rulesGiven(before, grant).filter(isDeny)).map(allowing),
  ];
}

function without(rules: readonly RuleRecord[], known: readonly RuleRecord[]): RuleRecord[] {
  const ids = new Set(known.map((rule) => rule.id));
  return rules.filter((rule) => !ids.has(rule.id));
}

/** Grants that are not in `known` with the same times. */
function changed(grants: readonly GrantRecord[], known: readonly GrantRecord[]): GrantRecord[] {
  const key = (grant: GrantRecord) => `${grant.id} ${grant.startsAt} ${grant.expiresAt}`;
  const keys = new Set(known.map(key));
  return grants.filter((grant) => !keys.has(key(grant)));
}

/** The rules a grant brings, narrowed to its server. */
function rulesGiven(document: PolicyDocument, grant: GrantRecord): RuleRecord[] {
  return rulesOf(document, grant.role).map((rule) => narrowed(rule, grant.server));
}

/** Rules of `subject` and of every role it holds, each narrowed to where it holds. A superset where grants end or differ in server. */
function rulesOf(document: PolicyDocument, subject: string): RuleRecord[] {
  const held = new Set([subject]);
  for (const holder of held) {
    for (const grant of document.grants)
      if (grant.subject === holder && isRole(grant.role)) held.add(grant.role);
  }
  return document.rules.filter((rule) => held.has(rule.fields['sub'] ?? ''));
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

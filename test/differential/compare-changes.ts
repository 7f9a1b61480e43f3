/** Changes a policy a few rows at a time and compares every step with a snapshot built whole, and with plain Casbin. */
import { isDeepStrictEqual } from 'node:util';
import { buildSnapshot } from '../../src/decide/build-snapshot.ts';
import { policy, settableClock } from '../support/decide-policy.ts';
import { createPlainCasbin } from './plain-casbin.ts';
import type { Changed, GrantRecord, PolicyDocument, RuleRecord } from '../../src/core/policy.ts';
import type { Question } from '../../src/core/question.ts';
import type { Snapshot } from '../../src/decide/decider.ts';
import type { Case } from './generate-case.ts';
import type { RandomSource } from './random-source.ts';

export interface ChangeTotals {
  /** Changes, and how many of them were made without building all again. */
  changes: number;
  shared: number;
  /** Changes that are refused, such as circles of roles. */
  refused: number;
  /** The first difference; `''` for none. */
  difference: string;
}

const clock = settableClock();
const DEPS = { clock, allowDefaultAllow: true };

interface Step {
  readonly snapshot: Snapshot;
  readonly document: PolicyDocument;
}

/** Makes `steps` random changes to a part of the case's policy. */
export async function compareChanges(
  given: Case,
  random: RandomSource,
  { steps, totals }: { readonly steps: number; readonly totals: ChangeTotals },
): Promise<void> {
  const isKept = () => random.chance(0.6);
  let document = policy({
    model: given.model,
    rules: given.rules.filter(isKept),
    grants: given.grants.filter(isKept),
  });
  let snapshot = await buildSnapshot(document, DEPS);
  const earlier: { readonly snapshot: Snapshot; readonly seen: unknown }[] = [];
  for (let step = 0; step < steps && totals.difference === ''; step++) {
    if (step % 7 === 0) earlier.push({ snapshot, seen: seenOf(snapshot, given.questions) });
    const next = await changed({ snapshot, document }, given, { random, totals });
    if (next === undefined) continue;
    ({ snapshot, document } = next);
    if (step % 5 === 0) totals.difference ||= await differenceFromCasbin(next, given);
  }
  for (const { snapshot: old, seen } of earlier) {
    if (!isDeepStrictEqual(seenOf(old, given.questions), seen))
      totals.difference ||= `an older snapshot changed: ${given.model}`;
  }
}

/** The next step; `undefined` when the change was refused. */
async function changed(
  { snapshot, document }: Step,
  given: Case,
  { random, totals }: { readonly random: RandomSource; readonly totals: ChangeTotals },
): Promise<Step | undefined> {
  const change = {
    revision: document.revision + 1,
    rules: random.chance(0.6) ? changedRules(document.rules, given.rules, random) : NOTHING,
    grants: random.chance(0.6) ? changedGrants(document.grants, given.grants, random) : NOTHING,
  };
  const next = {
    ...document,
    revision: change.revision,
    rules: applied(document.rules, change.rules),
    grants: applied(document.grants, change.grants),
  };
  totals.changes++;
  const shared = snapshot.after(change);
  const whole = await buildSnapshot(next, DEPS).catch(() => undefined);
  if (shared !== undefined) totals.shared++;
  if (whole === undefined) {
    totals.refused++;
    if (shared !== undefined) totals.difference ||= `accepted what is refused: ${printed(next, change)}`;
    return undefined;
  }
  const [ours, expected] = [seenOf(shared ?? whole, given.questions), seenOf(whole, given.questions)];
  if (!isDeepStrictEqual(ours, expected)) totals.difference ||= printed(next, { change, ours, expected });
  return { snapshot: shared ?? whole, document: next };
}

const NOTHING = { removed: [], added: [] };

function changedRules(
  live: readonly RuleRecord[],
  all: readonly RuleRecord[],
  random: RandomSource,
): Changed<RuleRecord> {
  const id = nextId(live, all);
  const fresh = all.filter(({ fields }) => !live.some((rule) => isDeepStrictEqual(rule.fields, fields)));
  const added = fresh.length === 0 || random.chance(0.4) ? [] : [{ ...random.pick(fresh), id }];
  const removed = live.length === 0 || random.chance(0.4) ? [] : [random.pick(live)];
  return { removed, added };
}

function changedGrants(
  live: readonly GrantRecord[],
  all: readonly GrantRecord[],
  random: RandomSource,
): Changed<GrantRecord> {
  const moment = () => (random.chance(0.6) ? null : clock.at + (random.below(5) - 1) * 60_000);
  const times = { startsAt: moment(), expiresAt: moment() };
  const removed = live.length === 0 || random.chance(0.4) ? [] : [random.pick(live)];
  const [first] = removed;
  if (first !== undefined && random.chance(0.4)) return { removed, added: [{ ...first, ...times }] };
  if (all.length === 0 || random.chance(0.3)) return { removed, added: [] };
  const { subject, role, ...more } = random.pick(all);
  const ends = subject.startsWith('role:') && random.chance(0.3) ? [role, subject] : [subject, role];
  const [from = subject, to = role] = ends;
  const isThere = live.some((grant) => grant.subject === from && grant.role === to);
  const id = nextId(live, all);
  return { removed, added: isThere ? [] : [{ ...more, ...times, id, subject: from, role: to }] };
}

function nextId(live: readonly { id: number }[], all: readonly { id: number }[]): number {
  return 1 + Math.max(0, ...[...live, ...all].map((row) => row.id));
}

function applied<Row extends { readonly id: number }>(rows: readonly Row[], change: Changed<Row>): Row[] {
  const gone = new Set(change.removed.map((row) => row.id));
  return [...rows.filter((row) => !gone.has(row.id)), ...change.added].sort((a, b) => a.id - b.id);
}

/** Everything a snapshot says. */
function seenOf(snapshot: Snapshot, questions: readonly Question[]): unknown {
  const subjects = [...new Set(questions.map(({ sub }) => sub))];
  const roles = ['role:everyone', 'role:b'];
  return {
    document: snapshot.document(),
    size: snapshot.size,
    nextMoment: snapshot.nextMoment,
    timed: [...snapshot.timedGrants()].map((grant) => grant.id).sort((a, b) => a - b),
    subjects: [...new Set(snapshot.subjects())].sort(),
    held: subjects.map((subject) => [
      snapshot.rolesOf(subject, 's1'),
      snapshot.rulesOf(subject),
      snapshot.grantsOf(subject),
    ]),
    answers: questions.map((question) => [
      snapshot.decide(question),
      snapshot.decide(question, roles),
      snapshot.decide({ ...question, own: '?' }),
      snapshot.leads(question),
      snapshot.restsOnMessage(question, roles),
    ]),
    explained: questions.slice(0, 2).map((question) => snapshot.explain(question, roles)),
  };
}

/** Plain Casbin knows no times: only grants that are given now are put to it. */
async function differenceFromCasbin({ snapshot, document }: Step, given: Case): Promise<string> {
  const now = clock.now();
  const grants = document.grants.filter(
    ({ startsAt, expiresAt }) =>
      (startsAt === null || startsAt <= now) && (expiresAt === null || expiresAt > now),
  );
  // under subjectPriority the order rests on every grant, whatever its times
  if (document.rules.length === 0 || given.model.includes('subjectPriority')) return '';
  const plain = await createPlainCasbin({ ...given, rules: document.rules, grants });
  for (const question of given.questions) {
    const expected = plain(question);
    const { allowed, code, rules } = snapshot.decide(question);
    const ours = { allowed, rule: rules[0], failed: code === 'DENIED_CONDITION_FAILED' };
    if (!isDeepStrictEqual(ours, expected)) return printed(document, { question, ours, expected });
  }
  return '';
}

function printed(document: PolicyDocument, found: unknown): string {
  const rules = document.rules.map(({ id, fields }) => ({ id, fields }));
  return JSON.stringify({ model: document.model.text.split('\n'), rules, grants: document.grants, found });
}

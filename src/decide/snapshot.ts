/** One revision of the policy, ready to answer. Nothing in it changes but its caches. */
import { isRole } from '../core/names.ts';
import { UNKNOWN_OWNER } from '../core/question.ts';
import { evidenceFor } from './second-opinion/evidence.ts';
import { explainRows } from './explain.ts';
import { serverOf } from './role-index.ts';
import { TooMuchEffort } from './effort.ts';
import type { Clock } from '../core/clock.ts';
import type { ModelRecord } from '../core/policy.ts';
import type { Question } from '../core/question.ts';
import type { Verdict, VerdictCode } from '../core/verdict.ts';
import type { Snapshot } from './decider.ts';
import type { Engine, Standing } from './engine.ts';
import type { Witness } from './second-opinion/second-opinion.ts';
import type { ConditionReader } from './read-condition.ts';
import type { ParsedModel } from './parse-model.ts';
import type { PolicyRow } from './policy-row.ts';
import type { RoleIndex } from './role-index.ts';

export interface SnapshotParts<S extends Standing> {
  readonly revision: number;
  /** The model as it is stored, and as it was read. */
  readonly record: ModelRecord;
  readonly model: ParsedModel;
  readonly clock: Clock;
  readonly roles: RoleIndex;
  /** Holds the rules and answers questions. */
  readonly engine: Engine<S>;
  readonly holds: (subject: string, role: string, server: string) => boolean;
  readonly readCondition: ConditionReader;
  readonly after: Snapshot['after'];
  /** Is told of verdicts, to ask Casbin about some. */
  readonly witness?: Witness | undefined;
}

const MINUTE = 60_000;
const NONE: readonly number[] = [];

/** A snapshot from its parts; see `Snapshot` for what its methods promise. */
export function createSnapshot<S extends Standing>(parts: SnapshotParts<S>): Snapshot {
  const { revision, record, model, clock, engine, roles: index } = parts;
  return {
    revision,
    model: record,
    path: engine.path,
    size: { rules: engine.size, grants: index.size },
    decide: createDecide(parts),
    leads: (question, roles = null) => leads(parts, question, roles),
    restsOnMessage: (question, roles = null) =>
      !isAskable(question) || engine.standing(question, roles).mentionsMessage,
    explain(question, roles = null) {
      if (!isAskable(question)) return [];
      const standing = engine.standing(question, roles);
      const { narrowed } = standing;
      return explainRows(question, { rows: engine.rowsFor(standing), narrowed }, parts);
    },
    rolesOf(subject, server) {
      const closure = index.closure(subject, serverOf(model, { server }), clock.now());
      return index.namesOf(closure).filter((name) => isRole(name));
    },
    rulesOf: (subject) => engine.rowsOf(subject).map((row) => row.rule),
    grantsOf: (subject) => index.grantsOf(subject),
    *subjects() {
      yield* index.subjects();
      yield* engine.subjects();
    },
    timedGrants: () => index.timed(),
    nextMoment: index.nextMoment,
    document: () => {
      const rules = engine.allRows().map((row) => row.rule);
      return { revision, model: record, rules: rules.sort((a, b) => a.id - b.id), grants: index.all() };
    },
    after: parts.after,
  };
}

/** Whether the question can be asked at all: Casbin takes an empty or missing value for one that matches. */
function isAskable(question: Question): boolean {
  const { sub, srv, res, act } = question;
  return (
    isNamed(sub) &&
    isNamed(srv) &&
    isNamed(res) &&
    isNamed(act) &&
    isText(question.path) &&
    isText(question.own) &&
    isText(question.msg) &&
    isText(question.cell) &&
    isText(question.ip) &&
    isText(question.time)
  );
}

function isNamed(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

/** `decide` of a snapshot. The witness is told of answers with all roles (Casbin knows no narrowed tokens) that took no end of time. */
function createDecide<S extends Standing>(parts: SnapshotParts<S>): Snapshot['decide'] {
  const { witness } = parts;
  if (witness === undefined) return (question, roles = null) => decide(parts, question, roles);
  const evidence = { ...parts, text: parts.record.text };
  const gather = (question: Question) => evidenceFor(evidence, question, parts.clock.now());
  return (question, roles = null) => {
    const verdict = decide(parts, question, roles);
    if (roles === null && verdict.code !== 'DENIED_TOO_COSTLY') witness(question, verdict, gather);
    return verdict;
  };
}

function decide<S extends Standing>(
  parts: SnapshotParts<S>,
  question: Question,
  roles: readonly string[] | null,
): Verdict {
  const { engine, revision, model, roles: index } = parts;
  if (!isAskable(question))
    return { ...refusal(revision), error: 'a field of the question is missing or empty' };
  const standing = engine.standing(question, roles);
  const validUntil = endOf(standing, parts.clock);
  if (!isAnswerable(model, question, roles)) return { ...refusal(revision), validUntil };
  const { allowed, row, failed } = engine.answer(standing, question);
  if (failed !== undefined) {
    const message = failed.error instanceof Error ? failed.error.message : String(failed.error);
    return {
      ...refusal(revision),
      validUntil,
      code: failed.error instanceof TooMuchEffort ? 'DENIED_TOO_COSTLY' : 'DENIED_CONDITION_FAILED',
      rules: failed.row === undefined ? NONE : [failed.row.rule.id],
      error: failed.row === undefined ? message : `rule ${failed.row.rule.id}: ${message}`,
    };
  }
  return {
    allowed,
    code: codeOf(allowed, row),
    rules: row === undefined ? NONE : [row.rule.id],
    grants: row === undefined ? NONE : index.grantsTo(standing, row.role),
    revision,
    validUntil,
  };
}

function refusal(revision: number): Verdict {
  return { allowed: false, code: 'DENIED_BY_POLICY', rules: NONE, grants: NONE, revision, validUntil: null };
}

function codeOf(allowed: boolean, row: PolicyRow | undefined): VerdictCode {
  if (allowed) return 'ALLOWED';
  return row?.isDeny === true ? 'DENIED_BY_RULE' : 'DENIED_BY_POLICY';
}

/**
 * Whether the rules can tell. What may allow without any rule (deny-override, matchers that name no column) cannot say
 * what a narrowed token or an unknown owner may do, so there these are refused.
 */
function isAnswerable(model: ParsedModel, question: Question, roles: readonly string[] | null): boolean {
  return needsRule(model) || (roles === null && question.own !== UNKNOWN_OWNER);
}

function needsRule(model: ParsedModel): boolean {
  return model.effect !== 'deny-override' && model.mentionsPolicy;
}

/**
 * The next moment at which a grant of the asker starts or ends, and the next full minute when a rule of theirs looks at
 * the time: the bounds of `between`, the only use of `r.time` there is, are whole minutes.
 */
function endOf({ closure: { until }, mentionsTime }: Standing, clock: Clock): number | null {
  if (!mentionsTime) return until === Number.POSITIVE_INFINITY ? null : until;
  const nextMinute = (Math.floor(clock.now() / MINUTE) + 1) * MINUTE;
  return Math.min(until, nextMinute);
}

/** As `decide`, but rules that deny only count where they deny everything below the path. */
function leads<S extends Standing>(
  parts: SnapshotParts<S>,
  question: Question,
  roles: readonly string[] | null,
): boolean {
  if (!isAskable(question) || question.path === '') return false;
  if (!needsRule(parts.model)) return decide(parts, question, roles).allowed;
  return parts.engine.leads(parts.engine.standing(question, roles), question);
}

/** One revision of the policy, ready to answer. Nothing in it changes but its caches. */
import { isRole } from '../core/names.ts';
import { UNKNOWN_OWNER } from '../core/question.ts';
import { explainRows } from './explain.ts';
import { pathMatch } from './functions/path-match.ts';
import { grantsTo } from './role-index.ts';
import { serverOf } from './slices.ts';
import type { Clock } from '../core/clock.ts';
import type { PolicyDocument } from '../core/policy.ts';
import type { Question } from '../core/question.ts';
import type { Verdict, VerdictCode } from '../core/verdict.ts';
import type { Snapshot } from './decider.ts';
import type { ConditionReader } from './read-condition.ts';
import type { ParsedModel } from './parse-model.ts';
import type { PolicyRow } from './policy-row.ts';
import type { ReferenceEnforcer } from './reference-enforcer.ts';
import type { RoleIndex } from './role-index.ts';
import type { Asker, Slice } from './slices.ts';

export interface SnapshotParts {
  readonly document: PolicyDocument;
  readonly model: ParsedModel;
  readonly clock: Clock;
  readonly roles: RoleIndex;
  readonly slice: (asker: Asker, now: number) => Slice;
  /** Answers questions. */
  readonly enforcer: ReferenceEnforcer;
  /** The same model, with `pathMatch` asking whether something below the path could match. */
  readonly leadsEnforcer: ReferenceEnforcer;
  readonly holds: (subject: string, role: string, server: string) => boolean;
  readonly readCondition: ConditionReader;
}

const MINUTE = 60_000;

/** A snapshot from its parts; see `Snapshot` for what its methods promise. */
export function createSnapshot(parts: SnapshotParts): Snapshot {
  const { document, model, clock } = parts;
  const sliceOf = (question: Question, roles: readonly string[] | null) =>
    parts.slice({ subject: question.sub, server: question.srv, roles }, clock.now());
  return {
    revision: document.revision,
    document,
    decide: (question, roles = null) => decide(parts, question, roles),
    leads: (question, roles = null) => leads(parts, question, roles),
    restsOnMessage: (question, roles = null) =>
      !isAskable(question) || sliceOf(question, roles).mentionsMessage,
    explain(question, roles = null) {
      return isAskable(question) ? explainRows(question, sliceOf(question, roles), parts) : [];
    },
    rolesOf(subject, server) {
      const { held } = parts.roles.closure(subject, serverOf(model, { server }), clock.now());
      return [...held.keys()].filter((name) => isRole(name) && name !== subject);
    },
  };
}

/** Whether the question can be asked at all: Casbin takes an empty or missing value for one that matches. */
function isAskable(question: Question): boolean {
  const { sub, srv, res, act } = question;
  const others = [question.path, question.own, question.msg, question.cell, question.ip, question.time];
  return (
    [sub, srv, res, act].every((value: unknown) => typeof value === 'string' && value !== '') &&
    others.every((value: unknown) => typeof value === 'string')
  );
}

function decide(parts: SnapshotParts, question: Question, roles: readonly string[] | null): Verdict {
  const refused = refusal(parts.document.revision);
  if (!isAskable(question)) return { ...refused, error: 'a field of the question is missing or empty' };
  const now = parts.clock.now();
  const slice = parts.slice({ subject: question.sub, server: question.srv, roles }, now);
  const rows = countedRows(slice, question);
  const verdict = { ...refused, validUntil: validUntil(slice, now) };
  const byDefault = defaultAnswer(parts.model, question, roles);
  if (byDefault === 'refuse' || (rows.length === 0 && byDefault === 'ask')) return verdict;
  if (rows.length === 0 && byDefault === 'allow') return { ...verdict, allowed: true, code: 'ALLOWED' };
  const request = requestValues(parts.model, question);
  try {
    const { allowed, row } = parts.enforcer.ask(rows, request);
    const grants = row === undefined ? [] : grantsTo(slice.closure, row.subject);
    return {
      ...verdict,
      allowed,
      code: codeOf(allowed, row),
      rules: row === undefined ? [] : [row.rule.id],
      grants,
    };
  } catch (error) {
    const failing = findFailing(parts.enforcer, rows, request);
    const message = error instanceof Error ? error.message : String(error);
    return {
      ...verdict,
      code: 'DENIED_CONDITION_FAILED',
      rules: failing === undefined ? [] : [failing.rule.id],
      error: failing === undefined ? message : `rule ${failing.rule.id}: ${message}`,
    };
  }
}

function refusal(revision: number): Verdict {
  return { allowed: false, code: 'DENIED_BY_POLICY', rules: [], grants: [], revision, validUntil: null };
}

function codeOf(allowed: boolean, row: PolicyRow | undefined): VerdictCode {
  if (allowed) return 'ALLOWED';
  return row?.isDeny === true ? 'DENIED_BY_RULE' : 'DENIED_BY_POLICY';
}

/** An object whose owner nobody recorded is only given by a rule that says so. */
function countedRows(slice: Slice, question: Question): readonly PolicyRow[] {
  return question.own === UNKNOWN_OWNER ? slice.unknownOwnerRows : slice.rows;
}

/**
 * What holds where no row is left: `ask` needs a rule, `allow` needs none (deny-override), `matcher` has no use for
 * rules. The latter two cannot tell what a narrowed token or an unknown owner may do, so these are refused.
 */
function defaultAnswer(
  model: ParsedModel,
  question: Question,
  roles: readonly string[] | null,
): 'ask' | 'allow' | 'matcher' | 'refuse' {
  const needsNoRule = model.effect === 'deny-override' || !model.mentionsPolicy;
  if (!needsNoRule) return 'ask';
  if (roles !== null || question.own === UNKNOWN_OWNER) return 'refuse';
  return model.mentionsPolicy ? 'allow' : 'matcher';
}

function requestValues(model: ParsedModel, question: Question): string[] {
  return model.request.map((token) => question[token.field]);
}

/**
 * The next moment at which a grant of the asker starts or ends, and the next full minute when a rule of theirs looks at
 * the time: the bounds of `between`, the only use of `r.time` there is, are whole minutes.
 */
function validUntil(slice: Slice, now: number): number | null {
  const nextMinute = (Math.floor(now / MINUTE) + 1) * MINUTE;
  const end = Math.min(slice.closure.until, slice.mentionsTime ? nextMinute : Number.POSITIVE_INFINITY);
  return end === Number.POSITIVE_INFINITY ? null : end;
}

function findFailing(
  enforcer: ReferenceEnforcer,
  rows: readonly PolicyRow[],
  request: readonly string[],
): PolicyRow | undefined {
  return rows.find((row) => {
    try {
      enforcer.ask([row], request);
      return false;
    } catch {
      return true;
    }
  });
}

/** As `decide`, but rules that deny only count where they deny everything below the path. */
function leads(parts: SnapshotParts, question: Question, roles: readonly string[] | null): boolean {
  if (!isAskable(question) || question.path === '') return false;
  const { model } = parts;
  if (defaultAnswer(model, question, roles) !== 'ask') return decide(parts, question, roles).allowed;
  const slice = parts.slice({ subject: question.sub, server: question.srv, roles }, parts.clock.now());
  const pathColumn = model.columns.findIndex((column) =>
    column.patterns.some((use) => use.name === 'pathMatch'),
  );
  const rows = countedRows(slice, question).filter((row) => {
    const pattern = row.values[pathColumn];
    return (
      !row.isDeny ||
      pattern === undefined ||
      (pattern.endsWith('**') && pathMatch(question.path, pattern, question.sub))
    );
  });
  if (rows.length === 0) return false;
  try {
    return parts.leadsEnforcer.ask(rows, requestValues(model, question)).allowed;
  } catch {
    return false;
  }
}

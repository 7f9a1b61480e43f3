/** Where an asker stands to a compiled policy, and which rules count for their questions. */
import { UNKNOWN_OWNER } from '../../core/question.ts';
import { createBoundedCache } from '../bounded-cache.ts';
import { mentionsTime } from '../model-shape.ts';
import { narrow, serverOf } from '../slices.ts';
import type { Question } from '../../core/question.ts';
import type { Standing } from '../engine.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { Closure, RoleIndex } from '../role-index.ts';
import type { Counting } from './judge.ts';
import type { RuleGroup } from './rule-group.ts';

/** An asker with the groups of rules that can matter to them. */
export interface CompiledStanding extends Standing {
  readonly groups: readonly GroupUse[];
  /** The roles a token is narrowed to and what these imply; `undefined` for all. */
  readonly narrowed: ReadonlySet<string> | undefined;
}

export interface GroupUse {
  readonly group: RuleGroup;
  /** Whether its rules that allow count. */
  readonly allows: boolean;
}

export interface StandingParts {
  readonly model: ParsedModel;
  readonly groups: ReadonlyMap<string, RuleGroup>;
  readonly index: RoleIndex;
}

const MAX_STANDINGS = 8192;

/** A function that gives where an asker stands at a moment. */
export function createStandings(
  parts: StandingParts,
): (question: Question, roles: readonly string[] | null, now: number) => CompiledStanding {
  const cache = createBoundedCache<CompiledStanding>(MAX_STANDINGS);
  const { model } = parts;
  const known = { ...parts, isTimedMatcher: mentionsTime(model.request, model.matcher.test) };
  return (question, roles, now) => {
    const key = keyOf(question, roles);
    const cached = cache.get(key);
    if (cached !== undefined && cached.closure.from <= now && now < cached.closure.until) return cached;
    const standing = standingOf(known, question, { roles, now });
    cache.set(key, standing);
    return standing;
  };
}

/** Lengths first, so that no two askers have the same. */
function keyOf({ sub, srv }: Question, roles: readonly string[] | null): string {
  return roles === null ? `${sub.length} ${sub}${srv}` : JSON.stringify([sub, srv, roles]);
}

function standingOf(
  { model, groups: byName, index, isTimedMatcher }: StandingParts & { readonly isTimedMatcher: boolean },
  { sub, srv }: Question,
  { roles, now }: { readonly roles: readonly string[] | null; readonly now: number },
): CompiledStanding {
  const asker = { subject: sub, server: srv, roles };
  const closure = index.closure(sub, serverOf(model, asker), now);
  const narrowed = roles === null ? undefined : narrow(index, asker, { roles, closure, model });
  const groups: GroupUse[] = [];
  for (const name of groupNames(model, closure, sub)) {
    const group = byName.get(name);
    if (group !== undefined) groups.push({ group, allows: narrowed === undefined || narrowed.has(name) });
  }
  const isTimed = ({ group }: GroupUse) =>
    group.isTimedDeny ||
    (narrowed === undefined
      ? group.timedSubjects.size > 0
      : [...group.timedSubjects].some((subject) => narrowed.has(subject)));
  return {
    closure,
    groups,
    narrowed,
    mentionsTime: isTimedMatcher || groups.some(isTimed),
  };
}

function groupNames(model: ParsedModel, closure: Closure, subject: string): Iterable<string> {
  if (model.tie === undefined) return [''];
  return model.tie.kind === 'g' ? closure.held.keys() : [subject];
}

/** What counts for a question in one group. */
export function countingFor(
  model: ParsedModel,
  standing: CompiledStanding,
  asked: { readonly question: Question; readonly allows: boolean },
): Counting {
  const isUnknownOwner = asked.question.own === UNKNOWN_OWNER;
  return {
    effect: model.effect,
    allows: asked.allows && !isUnknownOwner,
    isUnknownOwner,
    narrowed: standing.narrowed,
  };
}

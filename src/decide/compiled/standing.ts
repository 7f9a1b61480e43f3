/** Where an asker stands to a compiled policy, and which rules count for their questions. */
import { createBoundedCache } from '../bounded-cache.ts';
import { mentionsMessage, mentionsTime } from '../model-shape.ts';
import { narrow } from '../slices.ts';
import { serverOf } from '../role-index.ts';
import type { BoundedCache } from '../bounded-cache.ts';
import type { Question } from '../../core/question.ts';
import type { Standing } from '../engine.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { Closure, RoleIndex } from '../role-index.ts';
import { isMentioned } from './mentions.ts';
import { lookUp } from './persistent-map.ts';
import type { PersistentMap } from './persistent-map.ts';
import type { RuleGroup } from './rule-group.ts';

/** An asker with the groups of rules that can matter to them. */
export interface CompiledStanding extends Standing {
  readonly groups: readonly GroupUse[];
}

export interface GroupUse {
  readonly group: RuleGroup;
  /** Whether its rules that allow count. */
  readonly allows: boolean;
}

export interface StandingParts {
  readonly model: ParsedModel;
  readonly groups: PersistentMap<RuleGroup>;
  readonly index: RoleIndex;
}

const MAX_STANDINGS = 32_768;
/** Servers whose askers are remembered. */
const MAX_SERVERS = 64;

/** A function that gives where an asker stands at a moment. */
export function createStandings(
  parts: StandingParts,
): (question: Question, roles: readonly string[] | null, now: number) => CompiledStanding {
  const { model } = parts;
  const matcher = {
    isTimed: mentionsTime(model.request, model.matcher.test),
    isOnMessages: mentionsMessage(model.request, model.matcher.test),
  };
  const narrowed = createBoundedCache<CompiledStanding>(MAX_STANDINGS);
  const byServer = createBoundedCache<BoundedCache<CompiledStanding>>(MAX_SERVERS);
  const cacheFor = (server: string): BoundedCache<CompiledStanding> => {
    let cache = byServer.get(server);
    if (cache === undefined) byServer.set(server, (cache = createBoundedCache(MAX_STANDINGS)));
    return cache;
  };
  return (question, roles, now) => {
    const { sub, srv } = question;
    const cache = roles === null ? cacheFor(srv) : narrowed;
    const key = roles === null ? sub : JSON.stringify([sub, srv, roles]);
    const cached = cache.get(key);
    if (cached !== undefined && cached.closure.from <= now && now < cached.closure.until) return cached;
    const standing = standingOf({ ...parts, matcher }, question, { roles, now });
    cache.set(key, standing);
    return standing;
  };
}

interface Matcher {
  readonly isTimed: boolean;
  readonly isOnMessages: boolean;
}

function standingOf(
  { model, groups: byName, index, matcher }: StandingParts & { readonly matcher: Matcher },
  { sub, srv }: Question,
  { roles, now }: { readonly roles: readonly string[] | null; readonly now: number },
): CompiledStanding {
  const asker = { subject: sub, server: srv, roles };
  const closure = index.follow(sub, serverOf(model, asker), now);
  const narrowed = roles === null ? undefined : narrow(index, asker, { roles, closure, model });
  const groups: GroupUse[] = [];
  for (const name of groupNames(model, closure, sub)) {
    const group = lookUp(byName, name);
    if (group !== undefined) groups.push({ group, allows: narrowed === undefined || narrowed.has(name) });
  }
  return {
    closure,
    groups,
    narrowed,
    mentionsTime: matcher.isTimed || groups.some(({ group }) => isMentioned(group.timed, narrowed)),
    mentionsMessage:
      matcher.isOnMessages || groups.some(({ group }) => isMentioned(group.messages, narrowed)),
  };
}

function groupNames(model: ParsedModel, closure: Closure, subject: string): Iterable<string> {
  if (model.tie === undefined) return [''];
  return model.tie.kind === 'g' ? closure.held.keys() : [subject];
}

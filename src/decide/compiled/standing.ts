/** Where an asker stands to a compiled policy, and which rules count for their questions. */
import { createBoundedCache } from '../bounded-cache.ts';
import { mentionsMessage, mentionsTime } from '../model-shape.ts';
import { narrow } from '../slices.ts';
import { isTrueNow, serverOf } from '../role-index.ts';
import type { BoundedCache } from '../bounded-cache.ts';
import type { Clock } from '../../core/clock.ts';
import type { Question } from '../../core/question.ts';
import type { Standing } from '../engine.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { RoleIndex } from '../role-index.ts';
import { isMentioned } from './mentions.ts';
import { joinedList } from './rule-list.ts';
import { lookUp } from './persistent-map.ts';
import type { PersistentMap } from './persistent-map.ts';
import type { RuleGroup } from './rule-group.ts';
import type { RuleList } from './rule-list.ts';

/** An asker with the groups of rules that can matter to them. */
export interface CompiledStanding extends Standing {
  readonly groups: readonly GroupUse[];
  /** The rules of all groups where they are lists, so that a question need not go from group to group. */
  readonly list: RuleList | undefined;
}

export interface GroupUse {
  readonly group: RuleGroup;
  /** Whether its rules that allow count. */
  readonly allows: boolean;
}

export interface StandingParts {
  readonly model: ParsedModel;
  readonly groups: PersistentMap<RuleGroup>;
  /** How many of the groups are those of people and not of roles. */
  readonly people: number;
  readonly index: RoleIndex;
  readonly clock: Clock;
}

const MAX_STANDINGS = 32_768;
/** People who are found without a look at what they hold: those who are there at the moment. */
const MAX_AT_HAND = 4096;
/** Servers whose askers are remembered. */
const MAX_SERVERS = 64;

interface Remembered {
  /** By the asker, for those who asked last. */
  readonly atHand: BoundedCache<CompiledStanding>;
  /** By the number of what they hold, for all who hold the same. */
  readonly shared: BoundedCache<CompiledStanding, number>;
  /** By the asker, for those who share theirs with nobody. */
  readonly own: BoundedCache<CompiledStanding>;
}

/** A function that gives where an asker stands at a moment. */
export function createStandings(
  given: StandingParts,
): (question: Question, roles: readonly string[] | null) => CompiledStanding {
  const parts = { ...given, matcher: matcherOf(given.model) };
  const narrowed = createBoundedCache<CompiledStanding>(MAX_STANDINGS);
  const byServer = createBoundedCache<Remembered>(MAX_SERVERS);
  const { clock } = given;
  return (question, roles) => {
    const { sub, srv } = question;
    if (roles !== null) {
      const key = JSON.stringify([sub, srv, roles]);
      return valid(narrowed.get(key), clock) ?? kept(narrowed, key, standingOf(parts, question, { roles }));
    }
    const remembered = byServer.get(srv) ?? kept(byServer, srv, rememberingNobody());
    const { atHand } = remembered;
    return (
      valid(atHand.get(sub), clock) ?? kept(atHand, sub, rememberedStanding(parts, remembered, question))
    );
  };
}

function rememberingNobody(): Remembered {
  return {
    atHand: createBoundedCache(MAX_AT_HAND),
    shared: createBoundedCache(MAX_STANDINGS),
    own: createBoundedCache(MAX_STANDINGS),
  };
}

function rememberedStanding(
  parts: WholeParts,
  { shared, own }: Remembered,
  question: Question,
): CompiledStanding {
  const { clock } = parts;
  const { sub } = question;
  const alike = alikeOf(parts, sub);
  if (alike === undefined) return valid(own.get(sub), clock) ?? kept(own, sub, standingOf(parts, question));
  const standing =
    valid(shared.get(alike), clock) ?? kept(shared, alike, standingOf(parts, question, { isShared: true }));
  return { ...standing, own: parts.index.grantsOf(sub) };
}

function kept<K, V>(cache: BoundedCache<V, K>, key: K, value: V): V {
  cache.set(key, value);
  return value;
}

function valid(standing: CompiledStanding | undefined, clock: Clock): CompiledStanding | undefined {
  return standing !== undefined && isTrueNow(standing.closure, clock) ? standing : undefined;
}

/** The number of what an asker holds; `undefined` for who shares their standing with nobody, as with rules of their own. */
function alikeOf({ model, groups, people, index }: StandingParts, subject: string): number | undefined {
  if (model.tie?.kind === 'equal') return undefined;
  return people === 0 || lookUp(groups, subject) === undefined ? index.alike(subject) : undefined;
}

interface Matcher {
  readonly isTimed: boolean;
  readonly isOnMessages: boolean;
}

function matcherOf({ request, matcher: { test } }: ParsedModel): Matcher {
  return { isTimed: mentionsTime(request, test), isOnMessages: mentionsMessage(request, test) };
}

type WholeParts = StandingParts & { readonly matcher: Matcher };

interface StandingOptions {
  readonly roles?: readonly string[];
  /** Whether it is that of everybody who holds the same. */
  readonly isShared?: boolean;
}

function standingOf(
  { model, groups: byName, index, clock, matcher }: WholeParts,
  { sub, srv }: Question,
  { roles, isShared = false }: StandingOptions = {},
): CompiledStanding {
  const asker = { subject: sub, server: srv };
  const server = serverOf(model, asker);
  const now = clock.now();
  const closure = isShared ? index.followAlike(sub, server, now) : index.follow(sub, server, now);
  const narrowed = roles === undefined ? undefined : narrow(index, asker, { roles, closure, model, now });
  const groups: GroupUse[] = [];
  const take = (name: string): void => {
    const group = lookUp(byName, name);
    if (group !== undefined) groups.push({ group, allows: narrowed === undefined || narrowed.has(name) });
  };
  if (model.tie === undefined) take('');
  else if (model.tie.kind === 'equal') take(sub);
  else for (const { name } of closure.held) take(name);
  return {
    closure,
    own: index.grantsOf(sub),
    groups,
    list: listOver(groups),
    narrowed,
    mentionsTime: matcher.isTimed || isAnyMentioned(groups, 'timed', narrowed),
    mentionsMessage: matcher.isOnMessages || isAnyMentioned(groups, 'messages', narrowed),
  };
}

function listOver(groups: readonly GroupUse[]): RuleList | undefined {
  const lists: RuleList[] = [];
  for (const { group, allows } of groups) {
    if (group.list === undefined || group.loose.length > 0 || !allows) return undefined;
    lists.push(group.list);
  }
  return joinedList(lists);
}

function isAnyMentioned(
  groups: readonly GroupUse[],
  what: 'timed' | 'messages',
  narrowed: ReadonlySet<string> | undefined,
): boolean {
  for (const { group } of groups) if (isMentioned(group[what], narrowed)) return true;
  return false;
}

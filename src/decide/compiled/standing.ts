/** Where an asker stands to a compiled policy, and which rules count for their questions. */
import { createBoundedCache } from '../bounded-cache.ts';
import { mentionsMessage, mentionsTime } from '../model-shape.ts';
import { narrow } from '../slices.ts';
import { serverOf } from '../role-index.ts';
import type { BoundedCache } from '../bounded-cache.ts';
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
}

const MAX_STANDINGS = 32_768;
/** People whose standing is at hand without a look at what they hold: those who are there at the moment. */
const MAX_AT_HAND = 4096;
/** Servers whose askers are remembered. */
const MAX_SERVERS = 64;

interface Remembered {
  /** By the asker. */
  readonly atHand: BoundedCache<CompiledStanding>;
  /** By what an asker holds, for all who hold the same; by the asker, for others. */
  readonly standings: BoundedCache<CompiledStanding>;
}

/** A function that gives where an asker stands at a moment. */
export function createStandings(
  parts: StandingParts,
): (question: Question, roles: readonly string[] | null, now: number) => CompiledStanding {
  const { model, index } = parts;
  const matcher = {
    isTimed: mentionsTime(model.request, model.matcher.test),
    isOnMessages: mentionsMessage(model.request, model.matcher.test),
  };
  const narrowed = createBoundedCache<CompiledStanding>(MAX_STANDINGS);
  const byServer = createBoundedCache<Remembered>(MAX_SERVERS);
  const rememberedOf = (server: string): Remembered => {
    let remembered = byServer.get(server);
    if (remembered === undefined) byServer.set(server, (remembered = createRemembered()));
    return remembered;
  };
  const standingIn = (
    cache: BoundedCache<CompiledStanding>,
    key: string,
    { question, ...options }: StandingOptions & { readonly question: Question },
  ): CompiledStanding => {
    const cached = cache.get(key);
    if (isValid(cached, options.now)) return cached;
    const standing = standingOf({ ...parts, matcher }, question, options);
    cache.set(key, standing);
    return standing;
  };
  return (question, roles, now) => {
    const { sub, srv } = question;
    if (roles !== null)
      return standingIn(narrowed, JSON.stringify([sub, srv, roles]), {
        question,
        roles,
        now,
        isShared: false,
      });
    const { atHand, standings } = rememberedOf(srv);
    const known = atHand.get(sub);
    if (isValid(known, now)) return known;
    const alike = alikeOf(parts, sub);
    // a name has no space in front
    const key = alike ?? ` ${sub}`;
    const standing = standingIn(standings, key, { question, roles, now, isShared: alike !== undefined });
    const own = alike === undefined ? standing : { ...standing, own: index.grantsOf(sub) };
    atHand.set(sub, own);
    return own;
  };
}

function createRemembered(): Remembered {
  return { atHand: createBoundedCache(MAX_AT_HAND), standings: createBoundedCache(MAX_STANDINGS) };
}

function isValid(standing: CompiledStanding | undefined, now: number): standing is CompiledStanding {
  return standing !== undefined && standing.closure.from <= now && now < standing.closure.until;
}

interface StandingOptions {
  readonly roles: readonly string[] | null;
  readonly now: number;
  /** Whether it is that of everybody who holds the same. */
  readonly isShared: boolean;
}

/** What is the same for all askers with the same standing; `undefined` for who has rules of their own. */
function alikeOf({ model, groups, people, index }: StandingParts, subject: string): string | undefined {
  if (model.tie?.kind === 'equal') return undefined;
  const alike = index.alike(subject);
  return alike === undefined || people === 0 || lookUp(groups, subject) === undefined ? alike : undefined;
}

interface Matcher {
  readonly isTimed: boolean;
  readonly isOnMessages: boolean;
}

function standingOf(
  { model, groups: byName, index, matcher }: StandingParts & { readonly matcher: Matcher },
  { sub, srv }: Question,
  { roles, now, isShared }: StandingOptions,
): CompiledStanding {
  const asker = { subject: sub, server: srv, roles };
  const server = serverOf(model, asker);
  const closure = isShared ? index.followAlike(sub, server, now) : index.follow(sub, server, now);
  const narrowed = roles === null ? undefined : narrow(index, asker, { roles, closure, model });
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
    mentionsTime: matcher.isTimed || groups.some(({ group }) => isMentioned(group.timed, narrowed)),
    mentionsMessage:
      matcher.isOnMessages || groups.some(({ group }) => isMentioned(group.messages, narrowed)),
  };
}

function listOver(groups: readonly GroupUse[]): RuleList | undefined {
  const lists = groups.flatMap(({ group: { list, loose }, allows }) =>
    list !== undefined && loose.length === 0 && allows ? [list] : [],
  );
  return lists.length === groups.length ? joinedList(lists) : undefined;
}

/** Where an asker stands to a compiled policy: what they hold, and which rules count for their questions. */
import { isInColumn } from './crowd.ts';
import { isAmong } from './mentions.ts';
import { joinedList } from './rule-list.ts';
import { groupNamed, groupOf, groupOfRole } from './compiled-policy.ts';
import { mentionsMessage, mentionsTime } from '../model-shape.ts';
import { narrow } from '../slices.ts';
import { MANY_ROLES, serverOf } from '../role-index.ts';
import type { Clock } from '../../core/clock.ts';
import type { GrantRecord } from '../../core/policy.ts';
import type { Question } from '../../core/question.ts';
import type { Standing } from '../engine.ts';
import type { Closure } from '../follow-roles.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { RoleIndex } from '../role-index.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { Crowd } from './crowd.ts';
import type { RuleGroup } from './rule-group.ts';
import type { RuleList } from './rule-list.ts';

/** An asker with the groups of rules that can matter to them. */
export interface CompiledStanding extends Standing {
  readonly groups: readonly GroupUse[];
  /** The rules of all groups where they are lists, so that a question need not go from group to group. */
  readonly list: RuleList | undefined;
  /** The rules of the roles, where these are so many that `groups` has the asker's own only. */
  readonly crowd: Crowd | undefined;
}

export interface GroupUse {
  readonly group: RuleGroup;
  /** Whether its rules that allow count. */
  readonly allows: boolean;
}

export interface StandingParts {
  readonly policy: CompiledPolicy;
  readonly index: RoleIndex;
  readonly clock: Clock;
  readonly matcher: Matcher;
}

/** What of a question the matcher itself looks at. */
export interface Matcher {
  readonly isTimed: boolean;
  readonly isOnMessages: boolean;
}

/** The same of a model. */
export function matcherOf({ request, matcher: { test } }: ParsedModel): Matcher {
  return { isTimed: mentionsTime(request, test), isOnMessages: mentionsMessage(request, test) };
}

export interface StandingOptions {
  /** To which a token is narrowed. */
  readonly roles?: readonly string[];
  /** The number of all who hold the same, where it is theirs: it has nobody's own grants. */
  readonly alike?: number;
}

/** Where the asker of a question stands now. */
export function standingOf(
  parts: StandingParts,
  { sub, srv }: Question,
  { roles, alike }: StandingOptions = {},
): CompiledStanding {
  const { policy, index, clock, matcher } = parts;
  const { model } = policy;
  const asker = { subject: sub, server: srv };
  const server = serverOf(model, asker);
  const now = clock.now();
  const closure =
    alike === undefined ? index.follow(sub, server, now) : index.followAlike(alike, server, now);
  const narrowed = roles === undefined ? undefined : narrow(index, asker, { roles, closure, model, now });
  const crowd = crowdOf(policy, closure);
  const groups = groupsOf(policy, {
    subject: sub,
    held: crowd === undefined ? closure.roles : NOTHING,
    narrowed,
  });
  const rules = { groups, crowd, narrowed };
  return {
    closure,
    own: alike === undefined ? index.grantsOf(sub) : NO_GRANTS,
    list: crowd === undefined ? listOver(groups) : undefined,
    ...rules,
    mentionsTime: matcher.isTimed || isMentioned(rules, 'timed'),
    mentionsMessage: matcher.isOnMessages || isMentioned(rules, 'messages'),
  };
}

function crowdOf({ byPattern }: CompiledPolicy, { roles, set }: Closure): Crowd | undefined {
  if (byPattern === undefined || set === undefined || roles.length <= MANY_ROLES) return undefined;
  return { index: byPattern, held: set };
}

const NOTHING: readonly number[] = [];
const NO_GRANTS: readonly GrantRecord[] = [];

interface Holder {
  readonly subject: string;
  /** Numbers of what they hold. */
  readonly held: readonly number[];
  readonly narrowed: ReadonlySet<string> | undefined;
}

/** The groups whose rules can matter. */
function groupsOf(policy: CompiledPolicy, { subject, held, narrowed }: Holder): GroupUse[] {
  const { model, numbers } = policy;
  const groups: GroupUse[] = [];
  const name = groupOf(model, subject);
  const own = groupNamed(policy, name);
  if (own !== undefined) groups.push({ group: own, allows: narrowed === undefined || narrowed.has(name) });
  if (model.tie?.kind !== 'g') return groups;
  for (const role of held) {
    const group = groupOfRole(policy, role);
    if (group === undefined) continue;
    const allows = narrowed === undefined || narrowed.has(numbers.names[role] ?? '');
    groups.push({ group, allows });
  }
  return groups;
}

function listOver(groups: readonly GroupUse[]): RuleList | undefined {
  const lists: RuleList[] = [];
  for (const { group, allows } of groups) {
    if (group.list === undefined || group.loose.length > 0 || !allows) return undefined;
    lists.push(group.list);
  }
  return joinedList(lists);
}

/** Whether a rule that counts looks at something. */
function isMentioned(
  { groups, crowd, narrowed }: Pick<CompiledStanding, 'groups' | 'crowd' | 'narrowed'>,
  what: 'timed' | 'messages',
): boolean {
  for (const { group } of groups) if (isAmong(group[what], narrowed)) return true;
  return crowd !== undefined && isInColumn(crowd, crowd.index[what], narrowed);
}

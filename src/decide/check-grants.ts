/** Grants that are refused: chains that Casbin would not follow to their end (circles, more than ten links), and too many. */
import { AppError } from '../core/errors.ts';
import { ANONYMOUS, EVERYONE_ROLE } from '../core/identity.ts';
import { isRole } from '../core/names.ts';
import { atOnce, STEP } from './in-turns.ts';
import { groupGrants, isForServer, MAX_CHAINED, MAX_GRANTS, MAX_LINKS } from './grant-table.ts';
import { isHeldFurther } from './implicit-role.ts';
import type { GrantRecord } from '../core/policy.ts';
import type { GrantsBySubject } from './grant-table.ts';
import type { Steps } from './in-turns.ts';

/**
 * Throws `ROLE_CYCLE` when a role would hold itself on some server, `ROLE_DEPTH` when a chain has more than ten links.
 * Times do not count: grants that are never active together are refused too. `GRANTS_TOO_MANY` where a walk through the
 * roles of somebody might take too long.
 */
export function checkGrants(grants: readonly GrantRecord[]): void {
  atOnce(checkingGrants(atOnce(groupGrants(grants))));
}

/** As `checkGrants`, in steps. */
export function* checkingGrants(groups: GrantsBySubject): Steps<void> {
  yield* checkNumbers(groups);
  try {
    // what holds for all grants together holds for those of each server, which are fewer
    yield* checkTogether(groups);
    return;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  const all = [...groups.values()].flatMap(({ grants }) => grants);
  for (const server of new Set(['*', ...all.map((grant) => grant.server)])) {
    yield* checkTogether(yield* groupGrants(all.filter((grant) => isForServer(grant, server))));
  }
}

function* checkNumbers(groups: GrantsBySubject): Steps<void> {
  let chained = 0;
  for (const [subject, { grants }] of groups) {
    yield;
    if (grants.length > MAX_GRANTS)
      throw new AppError('GRANTS_TOO_MANY', {
        detail: `expected at most ${MAX_GRANTS} grants to one subject, received ${grants.length} to \`${subject}\``,
      });
    if (isHeldFurther(subject)) chained += grants.length;
  }
  if (chained > MAX_CHAINED)
    throw new AppError('GRANTS_TOO_MANY', {
      detail: `expected at most ${MAX_CHAINED} grants to roles, received ${chained}`,
    });
}

function* checkTogether(groups: GrantsBySubject): Steps<void> {
  const walk: Walk = { groups, depths: new Map(), open: [] };
  let walked = 0;
  for (const subject of groups.keys()) {
    if (walked++ % STEP === 0) yield;
    const depth = depthOf(subject, walk) + implicitLinks(subject);
    if (depth > MAX_LINKS)
      throw new AppError('ROLE_DEPTH', { detail: `\`${subject}\` holds a chain of ${depth} links` });
  }
}

/** A guest stands one link before `anonymous`, a user one link before `role:everyone`. */
function implicitLinks(subject: string): number {
  return subject === ANONYMOUS || subject === EVERYONE_ROLE ? 1 : 0;
}

interface Walk {
  readonly groups: GrantsBySubject;
  /** Of those that somebody may hold. */
  readonly depths: Map<string, number>;
  /** The chain that led here. */
  readonly open: string[];
}

/** Links of the longest chain from `subject` on. */
function depthOf(subject: string, walk: Walk): number {
  const { groups, depths, open } = walk;
  const known = depths.get(subject);
  if (known !== undefined) return known;
  if (open.includes(subject)) {
    const circle = [...open.slice(open.indexOf(subject)), subject];
    throw new AppError('ROLE_CYCLE', { detail: circle.map((name) => `\`${name}\``).join(' holds ') });
  }
  if (open.length > MAX_LINKS)
    throw new AppError('ROLE_DEPTH', { detail: `\`${open[0]}\` holds a longer chain` });
  open.push(subject);
  let depth = 0;
  for (const { role } of groups.get(subject)?.grants ?? []) depth = Math.max(depth, 1 + depthOf(role, walk));
  open.pop();
  if (isRole(subject)) depths.set(subject, depth);
  return depth;
}

/** Chains of roles that Casbin would not follow to their end: circles, and more than ten links. */
import { AppError } from '../core/errors.ts';
import { ANONYMOUS, EVERYONE_ROLE } from '../core/identity.ts';
import { atOnce, STEP } from './in-turns.ts';
import { isForServer, MAX_LINKS } from './role-index.ts';
import type { GrantRecord } from '../core/policy.ts';
import type { Steps } from './in-turns.ts';

type Edge = Pick<GrantRecord, 'subject' | 'role' | 'server'>;

/**
 * Throws `ROLE_CYCLE` when a role would hold itself on some server, `ROLE_DEPTH` when a chain has more than ten links.
 * Times do not count: grants that are never active together are refused too.
 */
export function checkGrants(grants: readonly Edge[]): void {
  atOnce(checkingGrants(grants));
}

/** As `checkGrants`, in steps. */
export function* checkingGrants(grants: readonly Edge[]): Steps<void> {
  try {
    // what holds for all grants together holds for those of each server, which are fewer
    yield* checkTogether(grants);
    return;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
  for (const server of new Set(['*', ...grants.map((grant) => grant.server)])) {
    yield* checkTogether(grants.filter((grant) => isForServer(grant, server)));
  }
}

function* checkTogether(grants: readonly Edge[]): Steps<void> {
  const roles = new Map<string, string[]>();
  for (const [index, { subject, role }] of grants.entries()) {
    if (index % STEP === 0) yield;
    const held = roles.get(subject);
    if (held === undefined) roles.set(subject, [role]);
    else held.push(role);
  }
  const depths = new Map<string, number>();
  let walked = 0;
  for (const subject of roles.keys()) {
    if (walked++ % STEP === 0) yield;
    const depth = depthOf(subject, { roles, depths, open: [] }) + implicitLinks(subject);
    if (depth > MAX_LINKS)
      throw new AppError('ROLE_DEPTH', { detail: `\`${subject}\` holds a chain of ${depth} links` });
  }
}

/** A guest stands one link before `anonymous`, a user one link before `role:everyone`. */
function implicitLinks(subject: string): number {
  return subject === ANONYMOUS || subject === EVERYONE_ROLE ? 1 : 0;
}

interface Walk {
  readonly roles: ReadonlyMap<string, readonly string[]>;
  readonly depths: Map<string, number>;
  /** The chain that led here. */
  readonly open: string[];
}

/** Links of the longest chain from `subject` on. */
function depthOf(subject: string, walk: Walk): number {
  const { roles, depths, open } = walk;
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
  for (const role of roles.get(subject) ?? []) depth = Math.max(depth, 1 + depthOf(role, walk));
  open.pop();
  depths.set(subject, depth);
  return depth;
}

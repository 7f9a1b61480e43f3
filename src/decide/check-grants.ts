/** Chains of roles that Casbin would not follow to their end: circles, and more than ten links. */
import { AppError } from '../core/errors.ts';
import { ANONYMOUS, EVERYONE_ROLE } from '../core/identity.ts';
import { isForServer, MAX_LINKS } from './role-index.ts';
import type { GrantRecord } from '../core/policy.ts';

type Edge = Pick<GrantRecord, 'subject' | 'role' | 'server'>;

/**
 * Throws `ROLE_CYCLE` when a role would hold itself on some server, `ROLE_DEPTH` when a chain has more than ten links.
 * Times do not count: grants that are never active together are refused too.
 */
export function checkGrants(grants: readonly Edge[]): void {
  const servers = new Set(['*', ...grants.map((grant) => grant.server)]);
  for (const server of servers) checkServer(grants.filter((grant) => isForServer(grant, server)));
}

function checkServer(grants: readonly Edge[]): void {
  const roles = new Map<string, string[]>();
  for (const { subject, role } of grants) roles.set(subject, [...(roles.get(subject) ?? []), role]);
  const depths = new Map<string, number>();
  for (const subject of roles.keys()) {
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
  readonly open: readonly string[];
}

/** Links of the longest chain from `subject` on. */
function depthOf(subject: string, walk: Walk): number {
  const known = walk.depths.get(subject);
  if (known !== undefined) return known;
  if (walk.open.includes(subject)) {
    const circle = [...walk.open.slice(walk.open.indexOf(subject)), subject];
    throw new AppError('ROLE_CYCLE', { detail: circle.map((name) => `\`${name}\``).join(' holds ') });
  }
  if (walk.open.length > MAX_LINKS)
    throw new AppError('ROLE_DEPTH', { detail: `\`${walk.open[0]}\` holds a longer chain` });
  const next = { ...walk, open: [...walk.open, subject] };
  const depth = Math.max(0, ...(walk.roles.get(subject) ?? []).map((role) => 1 + depthOf(role, next)));
  walk.depths.set(subject, depth);
  return depth;
}

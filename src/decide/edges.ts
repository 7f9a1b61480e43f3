/**
 * The grants of one subject in columns: a walk through thousands of them looks at these, which lie together, and not at
 * the grants, which lie all over memory.
 */
import type { GrantRecord } from '../core/policy.ts';
import type { Numbering } from './numbering.ts';
import type { RoleNumbers } from './role-numbers.ts';

export interface Edges {
  /** The number of each grant's role. */
  readonly roles: readonly number[];
  /** The number of each grant's server; `undefined` where all are for any server. */
  readonly servers: readonly number[] | undefined;
  /** When each begins and ends, one after the other; infinite where it does not. `undefined` where all are for ever. */
  readonly moments: Float64Array | undefined;
}

/** The number of `*`. */
export const ANY_SERVER = 0;

/** What grants are written in. */
export interface EdgeNames {
  readonly numbers: RoleNumbers;
  readonly servers: Numbering;
}

/** The columns of some grants. */
export function edgesOf(grants: readonly GrantRecord[], { numbers, servers }: EdgeNames): Edges {
  const isForAny = grants.every((grant) => grant.server === '*');
  const isForEver = grants.every(({ startsAt, expiresAt }) => startsAt === null && expiresAt === null);
  return {
    roles: grants.map((grant) => numbers.of(grant.role)),
    servers: isForAny ? undefined : grants.map((grant) => servers.of(grant.server)),
    moments: isForEver ? undefined : momentsOf(grants),
  };
}

function momentsOf(grants: readonly GrantRecord[]): Float64Array {
  const moments = new Float64Array(grants.length * 2);
  for (const [at, { startsAt, expiresAt }] of grants.entries()) {
    moments[at * 2] = startsAt ?? Number.NEGATIVE_INFINITY;
    moments[at * 2 + 1] = expiresAt ?? Number.POSITIVE_INFINITY;
  }
  return moments;
}

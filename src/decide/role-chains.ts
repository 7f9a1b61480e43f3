/** Chains of roles through one grant. */
import { MAX_CHAINED, MAX_GRANTS, MAX_LINKS } from './grant-table.ts';
import { isHeldFurther } from './implicit-role.ts';
import { lookUp, valuesIn } from './compiled/persistent-map.ts';
import type { GrantRecord } from '../core/policy.ts';
import type { GrantTable } from './grant-table.ts';

/**
 * Whether a grant can be added without a look at all others: no chain through it can be too long or closed, whatever
 * servers and times the others are for (a walk that goes in a circle comes to no end), and it is not one too many.
 */
export function isSafe(table: GrantTable, { subject, role }: GrantRecord): boolean {
  if ((lookUp(table.bySubject, subject)?.grants.length ?? 0) >= MAX_GRANTS) return false;
  if (isHeldFurther(subject) && table.chained >= MAX_CHAINED) return false;
  const holdersOf = (name: string) => {
    const holders = [...valuesIn(lookUp(table.toRoles, name))].map((grant) => grant.subject);
    // users and guests may stand one link above every role
    return isHeldFurther(name) ? [...holders, ''] : [];
  };
  const rolesOf = (name: string) => lookUp(table.bySubject, name)?.grants.map((grant) => grant.role) ?? [];
  const above = longest(subject, { next: holdersOf, known: new Map() });
  const below = longest(role, { next: rolesOf, known: new Map([[subject, Number.POSITIVE_INFINITY]]) });
  return above + 1 + below <= MAX_LINKS;
}

interface Chains {
  readonly next: (name: string) => readonly string[];
  readonly known: Map<string, number>;
}

/** Links of the longest chain from `name` on; infinite where it has no end. */
function longest(name: string, chains: Chains, depth = 0): number {
  const known = chains.known.get(name);
  if (known !== undefined) return known;
  if (depth > MAX_LINKS) return Number.POSITIVE_INFINITY;
  let links = 0;
  for (const next of chains.next(name)) links = Math.max(links, 1 + longest(next, chains, depth + 1));
  chains.known.set(name, links);
  return links;
}

/** Who holds the same: where they stand to a policy is worked out once for them all. */
import { edgesOf } from './edges.ts';
import { implicitRole } from './implicit-role.ts';
import type { GrantRecord } from '../core/policy.ts';
import type { EdgeNames, Edges } from './edges.ts';

/** A number for each list of roles and servers that people or guests hold for ever; only ever added to. */
export interface Alikes {
  readonly numbers: Map<string, number>;
  /** What they hold, by the number. */
  readonly held: Alike[];
}

/** What all who have one number hold. */
export interface Alike {
  /** The number of the role they hold without a grant. */
  readonly implied: number;
  readonly edges: Edges;
}

/** People with more grants than this have a standing of their own. */
const MAX_GRANTS = 8;

/** No lists yet. */
export function noAlikes(): Alikes {
  return { numbers: new Map(), held: [] };
}

/** The number of what `subject` holds; `undefined` for roles, and where the clock matters or there are many grants. */
export function alikeOf(
  parts: EdgeNames & { readonly alikes: Alikes },
  subject: string,
  grants: readonly GrantRecord[],
): number | undefined {
  const implied = implicitRole(subject);
  if (implied === undefined || grants.length > MAX_GRANTS) return undefined;
  let key = implied;
  for (const { role, server, startsAt, expiresAt } of grants) {
    if (startsAt !== null || expiresAt !== null) return undefined;
    // the lengths first, so that no two lists have the same text
    key += `${role.length} ${role}${server.length} ${server}`;
  }
  const { numbers, held } = parts.alikes;
  const known = numbers.get(key);
  if (known !== undefined) return known;
  numbers.set(key, held.length);
  return held.push({ implied: parts.numbers.of(implied), edges: edgesOf(grants, parts) }) - 1;
}

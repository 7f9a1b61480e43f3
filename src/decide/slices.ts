/** The rules that can matter to one asker, so that a decision costs what the asker's rules cost and not what all cost. */
import { createBoundedCache } from './bounded-cache.ts';
import { isRole } from '../core/names.ts';
import { isTrueNow, serverOf } from './role-index.ts';
import { STEP } from './in-turns.ts';
import { mentionsMessage, mentionsTime } from './model-shape.ts';
import type { Clock } from '../core/clock.ts';
import type { Standing } from './engine.ts';
import type { Closure } from './follow-roles.ts';
import type { RoleIndex } from './role-index.ts';
import type { ParsedModel } from './parse-model.ts';
import type { PolicyRow } from './policy-row.ts';
import type { Steps } from './in-turns.ts';

/** Who asks, from which server, and to which roles a token narrows them. */
export interface Asker {
  readonly subject: string;
  readonly server: string;
  readonly roles: readonly string[] | null;
}

/** True as long as its closure. */
export interface Slice extends Standing {
  /** In Casbin's order: what allows within the asker's (narrowed) roles, and everything that denies. */
  readonly rows: readonly PolicyRow[];
  /** The same for an object whose owner nobody recorded. */
  readonly unknownOwnerRows: readonly PolicyRow[];
  /** Every row of the asker's roles, whether or not a token narrows them. */
  readonly allRows: readonly PolicyRow[];
}

const MAX_SLICES = 2048;
const MAX_ROW_SETS = 256;

/** A function that gives an asker's slice at a moment. `ordered` are all rows in Casbin's order. */
export function* createSlices(
  model: ParsedModel,
  ordered: readonly PolicyRow[],
  { roles: index, clock }: { readonly roles: RoleIndex; readonly clock: Clock },
): Steps<(asker: Asker) => Slice> {
  const rowsFor = createRowSets(ordered, yield* positionsBySubject(ordered));
  const cache = createBoundedCache<Slice>(MAX_SLICES);
  const matcherMentionsTime = mentionsTime(model.request, model.matcher.test);
  const matcherMentionsMessage = mentionsMessage(model.request, model.matcher.test);
  const hasSubjects = model.columns.some((column) => column.namesSubject);
  return (asker) => {
    const key = JSON.stringify([asker.subject, asker.server, asker.roles]);
    const cached = cache.get(key);
    if (cached !== undefined && isTrueNow(cached.closure, clock)) return cached;
    const now = clock.now();
    const closure = index.closure(asker.subject, serverOf(model, asker), now);
    const allRows =
      model.tie === undefined
        ? ordered
        : rowsFor(model.tie.kind === 'g' ? [asker.subject, ...index.namesOf(closure)] : [asker.subject]);
    const narrowed =
      asker.roles === null ? undefined : narrow(index, asker, { roles: asker.roles, closure, model, now });
    const counts = (row: PolicyRow) =>
      row.isDeny || narrowed === undefined || (hasSubjects && narrowed.has(row.subject));
    const rows = narrowed === undefined ? allRows : allRows.filter(counts);
    const slice = {
      closure,
      own: index.grantsOf(asker.subject),
      narrowed,
      rows,
      unknownOwnerRows: rows.filter((row) => row.isDeny || row.namesUnknownOwner),
      allRows,
      mentionsTime: matcherMentionsTime || rows.some((row) => row.mentionsTime),
      mentionsMessage: matcherMentionsMessage || rows.some((row) => row.mentionsMessage),
    };
    cache.set(key, slice);
    return slice;
  };
}

export interface Narrowing {
  readonly roles: readonly string[];
  readonly closure: Closure;
  readonly model: ParsedModel;
  readonly now: number;
}

/** The named roles that the asker holds, and what these imply. */
export function narrow(
  index: RoleIndex,
  asker: { readonly server: string },
  { roles, closure, model, now }: Narrowing,
): ReadonlySet<string> {
  const held = roles.filter((role) => isRole(role) && index.isIn(closure, role));
  return index.impliedBy(held, serverOf(model, asker), now);
}

/** Rows of several subjects in Casbin's order; askers with the same roles share one array. */
function createRowSets(
  ordered: readonly PolicyRow[],
  positions: ReadonlyMap<string, readonly number[]>,
): (subjects: readonly string[]) => readonly PolicyRow[] {
  const cache = createBoundedCache<readonly PolicyRow[]>(MAX_ROW_SETS);
  return (subjects) => {
    const named = subjects.filter((subject) => positions.has(subject)).sort();
    const key = JSON.stringify(named);
    const cached = cache.get(key);
    if (cached !== undefined) return cached;
    const merged = named.flatMap((subject) => positions.get(subject) ?? []).sort((a, b) => a - b);
    const rows = merged.flatMap((position) => ordered[position] ?? []);
    cache.set(key, rows);
    return rows;
  };
}

function* positionsBySubject(ordered: readonly PolicyRow[]): Steps<ReadonlyMap<string, readonly number[]>> {
  const positions = new Map<string, number[]>();
  for (const [position, row] of ordered.entries()) {
    if (position % STEP === 0) yield;
    const list = positions.get(row.subject);
    if (list === undefined) positions.set(row.subject, [position]);
    else list.push(position);
  }
  return positions;
}

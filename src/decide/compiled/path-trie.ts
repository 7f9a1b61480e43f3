/** Path patterns by their segments: a path finds what matches it in the time its segments take, whatever else there is. */
import { isPerson } from '../functions/path-match.ts';
import { spend } from '../effort.ts';
import { lookUp, valuesIn, withEntry, withoutEntry } from './persistent-map.ts';
import type { Edit, PersistentMap } from './persistent-map.ts';

/** One place in the trie; `S` is what is kept at a pattern. */
interface Place<S> {
  readonly edit: Edit;
  literals: PersistentMap<Place<S>>;
  /** Below the segment `*`. */
  any: Place<S> | undefined;
  /** Below the segment `{user}`. */
  user: Place<S> | undefined;
  /** The pattern ends here. */
  exact: S | undefined;
  /** The pattern goes on with `**`. */
  below: S | undefined;
  /** Marks of everything that was ever put here and further down, joined. */
  marks: number;
}

/** Patterns and what is kept at them; every version of it stays. */
export interface PathTrie<S> {
  readonly root: Place<S> | undefined;
  /** At `**`. */
  readonly everything: S | undefined;
  /** At `''`. */
  readonly noPath: S | undefined;
  /** At patterns that match no path. */
  readonly nowhere: S | undefined;
}

/** A path, and who asks: `{user}` is their name. */
export interface Walk {
  readonly path: string;
  readonly subject: string;
}

/** Told of each thing found; `true` ends the search. */
export type Visit<S, W extends Walk> = (found: S, walk: W) => boolean;

/** A change of what is kept at a pattern. */
export interface PlaceChange {
  readonly edit: Edit;
  /** A bit by which `leading` can leave out what lies below a place. */
  readonly mark: number;
}

/** What is kept from now on; `undefined` for nothing. */
export type ChangeKept<S, C> = (kept: S | undefined, change: C) => S | undefined;

/** A trie without patterns. */
export function emptyTrie<S>(): PathTrie<S> {
  return { root: undefined, everything: undefined, noPath: undefined, nowhere: undefined };
}

/** Where in a trie, and what becomes of it. */
export interface PlaceWay<S, C extends PlaceChange> {
  readonly pattern: string;
  readonly change: C;
  readonly to: ChangeKept<S, C>;
}

/** `trie` with the change at its pattern. */
export function changeAt<S, C extends PlaceChange>(trie: PathTrie<S>, way: PlaceWay<S, C>): PathTrie<S> {
  const { pattern, change, to } = way;
  if (pattern === '**') {
    const everything = to(trie.everything, change);
    return everything === trie.everything ? trie : { ...trie, everything };
  }
  if (pattern === '') return { ...trie, noPath: to(trie.noPath, change) };
  if (!pattern.startsWith('/')) return { ...trie, nowhere: to(trie.nowhere, change) };
  const root = changed(trie.root, startOf(pattern), way);
  return root === trie.root ? trie : { ...trie, root };
}

/** Visits everything whose pattern `pathMatch` accepts for the path. */
export function matching<S, W extends Walk>(trie: PathTrie<S>, walk: W, visit: Visit<S, W>): boolean {
  if (trie.everything !== undefined && visit(trie.everything, walk)) return true;
  if (walk.path === '') return trie.noPath !== undefined && visit(trie.noPath, walk);
  if (trie.root === undefined || !walk.path.startsWith('/')) return false;
  return match(trie.root, startOf(walk.path), { walk, visit });
}

/**
 * Visits everything whose pattern `pathLeads` accepts: patterns that match something strictly below the path. Places are
 * left out below which nothing has one of the bits of `wanted`.
 */
export function leading<S, W extends Walk>(
  trie: PathTrie<S>,
  walk: W,
  { visit, wanted = ALL_MARKS }: { readonly visit: Visit<S, W>; readonly wanted?: number },
): boolean {
  if (!walk.path.startsWith('/')) return false;
  if (trie.everything !== undefined && visit(trie.everything, walk)) return true;
  return trie.root !== undefined && lead(trie.root, startOf(walk.path), { walk, visit, wanted });
}

/** Everything that is kept. */
export function* keptIn<S>(trie: PathTrie<S>): Generator<S> {
  for (const kept of [trie.everything, trie.noPath, trie.nowhere]) if (kept !== undefined) yield kept;
  if (trie.root !== undefined) yield* keptBelow(trie.root);
}

interface Search<S, W extends Walk> {
  readonly walk: W;
  readonly visit: Visit<S, W>;
}

interface Leading<S, W extends Walk> extends Search<S, W> {
  readonly wanted: number;
}

const ALL_MARKS = -1;
const STEPS_OF_PLACE = 12;

/** `from` is where the next segment of the pattern begins. */
function changed<S, C extends PlaceChange>(
  at: Place<S> | undefined,
  from: number,
  way: PlaceWay<S, C>,
): Place<S> | undefined {
  const { pattern, change, to } = way;
  const place = editable(at, change.edit);
  place.marks |= change.mark;
  const end = endOf(pattern, from);
  if (from > pattern.length) place.exact = to(place.exact, change);
  else if (end === pattern.length && pattern.startsWith('**', from) && end - from === 2)
    place.below = to(place.below, change);
  else changeNext(place, { from, end }, way);
  return isEmpty(place) ? undefined : place;
}

function changeNext<S, C extends PlaceChange>(
  place: Place<S>,
  { from, end }: { readonly from: number; readonly end: number },
  way: PlaceWay<S, C>,
): void {
  const segment = way.pattern.slice(from, end);
  if (segment === '*') place.any = changed(place.any, end + 1, way);
  else if (segment === '{user}') place.user = changed(place.user, end + 1, way);
  else {
    const { edit } = way.change;
    const before = lookUp(place.literals, segment);
    const after = changed(before, end + 1, way);
    if (after === undefined) place.literals = withoutEntry(place.literals, segment, edit);
    else if (after !== before) place.literals = withEntry(place.literals, segment, after, edit);
  }
}

function editable<S>(from: Place<S> | undefined, edit: Edit): Place<S> {
  if (from?.edit === edit) return from;
  return {
    edit,
    literals: from?.literals,
    any: from?.any,
    user: from?.user,
    exact: from?.exact,
    below: from?.below,
    marks: from?.marks ?? 0,
  };
}

function isEmpty({ literals, any, user, exact, below }: Place<unknown>): boolean {
  return (
    literals === undefined &&
    any === undefined &&
    user === undefined &&
    exact === undefined &&
    below === undefined
  );
}

function* keptBelow<S>(place: Place<S>): Generator<S> {
  if (place.exact !== undefined) yield place.exact;
  if (place.below !== undefined) yield place.below;
  if (place.any !== undefined) yield* keptBelow(place.any);
  if (place.user !== undefined) yield* keptBelow(place.user);
  for (const next of valuesIn(place.literals)) yield* keptBelow(next);
}

/** Where the first segment begins; beyond the path's end when there is none, as for the root. */
function startOf(path: string): number {
  return path.length === 1 ? 2 : 1;
}

/** Where the segment ends that begins at `from`. */
function endOf(path: string, from: number): number {
  const slash = path.indexOf('/', from);
  return slash === -1 ? path.length : slash;
}

/** `from` is where the next segment begins. */
function match<S, W extends Walk>(at: Place<S>, from: number, search: Search<S, W>): boolean {
  spend(STEPS_OF_PLACE);
  if (at.below !== undefined && search.visit(at.below, search.walk)) return true;
  if (from > search.walk.path.length) return at.exact !== undefined && search.visit(at.exact, search.walk);
  return eachNext(at, from, { search, go: match<S, W> });
}

function lead<S, W extends Walk>(at: Place<S>, from: number, search: Leading<S, W>): boolean {
  spend(STEPS_OF_PLACE);
  if (from > search.walk.path.length) return under(at, search);
  if (at.below !== undefined && search.visit(at.below, search.walk)) return true;
  return eachNext(at, from, { search, go: lead<S, W> });
}

/** Goes on with every child that accepts the segment that begins at `from`. */
function eachNext<S, Q extends { readonly walk: Walk }>(
  at: Place<S>,
  from: number,
  { search, go }: { readonly search: Q; readonly go: (next: Place<S>, from: number, search: Q) => boolean },
): boolean {
  const { path, subject } = search.walk;
  const end = endOf(path, from);
  const segment = path.slice(from, end);
  const literal = lookUp(at.literals, segment);
  if (literal !== undefined && go(literal, end + 1, search)) return true;
  if (at.any !== undefined && go(at.any, end + 1, search)) return true;
  return at.user !== undefined && segment === subject && isPerson(subject) && go(at.user, end + 1, search);
}

/** Everything strictly below a place that the path has reached. */
function under<S, W extends Walk>(at: Place<S>, search: Leading<S, W>): boolean {
  spend(STEPS_OF_PLACE);
  const { walk, visit, wanted } = search;
  if (at.below !== undefined && visit(at.below, walk)) return true;
  const everything = (next: Place<S>): boolean =>
    (next.marks & wanted) !== 0 &&
    ((next.exact !== undefined && visit(next.exact, walk)) || under(next, search));
  for (const next of valuesIn(at.literals)) if (everything(next)) return true;
  if (at.any !== undefined && everything(at.any)) return true;
  return at.user !== undefined && isPerson(walk.subject) && everything(at.user);
}

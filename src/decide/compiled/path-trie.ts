/** Path patterns by their segments: a path finds what matches it in the time its segments take, whatever else there is. */
import { isPerson } from '../functions/path-match.ts';
import { segmentsOf } from '../functions/path-pattern.ts';

/** One place in the trie; `S` is what is kept at a pattern. */
interface Node<S> {
  literals: Map<string, Node<S>> | undefined;
  /** Below the segment `*`. */
  any: Node<S> | undefined;
  /** Below the segment `{user}`. */
  user: Node<S> | undefined;
  /** The pattern ends here. */
  exact: S | undefined;
  /** The pattern goes on with `**`. */
  below: S | undefined;
  /** Marks of everything here and further down, joined. */
  marks: number;
}

/** A path, and the asker as `{user}` sees them. */
export interface Walk {
  readonly path: string;
  readonly segments: readonly string[];
  readonly subject: string;
  readonly isPerson: boolean;
}

/** Told of each thing found; `true` ends the search. */
export type Visit<S> = (found: S) => boolean;

export interface PathTrie<S> {
  /**
   * What is kept at `pattern`, made by `make` at first; `undefined` for a pattern that matches no path. `mark` is a bit
   * by which `leading` can leave out what lies below a place.
   */
  at(pattern: string, make: () => S, mark?: number): S | undefined;
  /** Everything whose pattern `pathMatch` accepts for the path. */
  matching(walk: Walk, visit: Visit<S>): boolean;
  /**
   * Everything whose pattern `pathLeads` accepts: patterns that match something strictly below the path. Places are left
   * out below which nothing has one of the bits of `wanted`.
   */
  leading(walk: Walk, visit: Visit<S>, wanted?: number): boolean;
}

/** The way of a question through any number of tries. */
export function walkOf(path: string, subject: string): Walk {
  return {
    path,
    segments: path.startsWith('/') ? segmentsOf(path) : [],
    subject,
    isPerson: isPerson(subject),
  };
}

/** An empty trie. */
export function createPathTrie<S>(): PathTrie<S> {
  const root = node<S>();
  let everything: S | undefined;
  let noPath: S | undefined;
  return {
    at(pattern, make, mark = ALL_MARKS) {
      if (pattern === '**') return (everything ??= make());
      if (pattern === '') return (noPath ??= make());
      return pattern.startsWith('/') ? insert(root, segmentsOf(pattern), { make, mark }) : undefined;
    },
    matching(walk, visit) {
      if (everything !== undefined && visit(everything)) return true;
      if (walk.path === '') return noPath !== undefined && visit(noPath);
      return walk.path.startsWith('/') && match(root, 0, { walk, visit, wanted: ALL_MARKS });
    },
    leading(walk, visit, wanted = ALL_MARKS) {
      if (!walk.path.startsWith('/')) return false;
      if (everything !== undefined && visit(everything)) return true;
      return lead(root, 0, { walk, visit, wanted });
    },
  };
}

interface Search<S> {
  readonly walk: Walk;
  readonly visit: Visit<S>;
  readonly wanted: number;
}

const ALL_MARKS = -1;

function node<S>(): Node<S> {
  return {
    literals: undefined,
    any: undefined,
    user: undefined,
    exact: undefined,
    below: undefined,
    marks: 0,
  };
}

function insert<S>(
  root: Node<S>,
  segments: readonly string[],
  { make, mark }: { readonly make: () => S; readonly mark: number },
): S {
  let at = root;
  at.marks |= mark;
  for (const [index, segment] of segments.entries()) {
    if (segment === '**' && index === segments.length - 1) return (at.below ??= make());
    at = child(at, segment);
    at.marks |= mark;
  }
  return (at.exact ??= make());
}

function child<S>(at: Node<S>, segment: string): Node<S> {
  if (segment === '*') return (at.any ??= node());
  if (segment === '{user}') return (at.user ??= node());
  at.literals ??= new Map();
  const found = at.literals.get(segment);
  if (found !== undefined) return found;
  const added = node<S>();
  at.literals.set(segment, added);
  return added;
}

function match<S>(at: Node<S>, depth: number, search: Search<S>): boolean {
  if (at.below !== undefined && search.visit(at.below)) return true;
  if (depth === search.walk.segments.length) return at.exact !== undefined && search.visit(at.exact);
  return eachNext(at, depth, search, match);
}

function lead<S>(at: Node<S>, depth: number, search: Search<S>): boolean {
  if (depth === search.walk.segments.length) return under(at, search);
  if (at.below !== undefined && search.visit(at.below)) return true;
  return eachNext(at, depth, search, lead);
}

/** Goes on with every child that accepts the segment at `depth`. */
function eachNext<S>(
  at: Node<S>,
  depth: number,
  search: Search<S>,
  go: (next: Node<S>, depth: number, search: Search<S>) => boolean,
): boolean {
  const segment = search.walk.segments[depth] ?? '';
  const literal = at.literals?.get(segment);
  if (literal !== undefined && go(literal, depth + 1, search)) return true;
  if (at.any !== undefined && go(at.any, depth + 1, search)) return true;
  return (
    at.user !== undefined &&
    search.walk.isPerson &&
    segment === search.walk.subject &&
    go(at.user, depth + 1, search)
  );
}

/** Everything strictly below a place that the path has reached. */
function under<S>(at: Node<S>, search: Search<S>): boolean {
  if (at.below !== undefined && search.visit(at.below)) return true;
  const everything = (next: Node<S>) =>
    (next.marks & search.wanted) !== 0 &&
    ((next.exact !== undefined && search.visit(next.exact)) || under(next, search));
  for (const next of at.literals?.values() ?? []) if (everything(next)) return true;
  if (at.any !== undefined && everything(at.any)) return true;
  return at.user !== undefined && search.walk.isPerson && everything(at.user);
}

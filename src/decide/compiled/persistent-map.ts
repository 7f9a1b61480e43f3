/** A map of which every version stays: a change copies the few places on its way, never the whole. */

/**
 * One piece of work that changes maps and tries. What was made in the same piece of work is changed in place, so that
 * filling something large copies nothing; everything else is copied.
 */
export type Edit = symbol;

/** Entries by key; `undefined` is the empty map. */
export type PersistentMap<V> = Entries<V> | Branches<V> | Changed<V> | undefined;

/** A plain map. It is only changed by the work that made it; others copy it, or lay their changes over a large one. */
interface Entries<V> {
  readonly kind: 'entries';
  readonly edit: Edit;
  readonly entries: Map<string, V>;
}

/** Maps by the bits of the key's hash: what changes are kept in, so that they may become many. */
interface Branches<V> {
  readonly kind: 'branches';
  readonly edit: Edit;
  readonly branches: PersistentMap<V>[];
}

/** A large plain map, which stays, and what is different since. */
interface Changed<V> {
  readonly kind: 'changed';
  readonly base: Map<string, V>;
  readonly changes: PersistentMap<V | typeof GONE>;
  readonly size: number;
}

const GONE = Symbol('gone');
const BITS = 5;
const BRANCHES = 1 << BITS;
const HASH_BITS = 32;
/** Entries of a plain map that is copied for a change. */
const MAX_COPIED = 256;

/** A map of entries that nobody else changes any more. */
export function mapOf<V>(entries: Map<string, V>, edit: Edit): PersistentMap<V> {
  return entries.size === 0 ? undefined : { kind: 'entries', edit, entries };
}

/** The value of `key`. */
export function lookUp<V>(map: PersistentMap<V>, key: string): V | undefined {
  if (map === undefined) return undefined;
  if (map.kind === 'entries') return map.entries.get(key);
  if (map.kind === 'changed') {
    const changed = lookUp(map.changes, key);
    return changed === GONE ? undefined : (changed ?? map.base.get(key));
  }
  let place: PersistentMap<V> = map;
  for (let hash = hashOf(key); place?.kind === 'branches'; hash >>>= BITS)
    place = place.branches[hash & (BRANCHES - 1)];
  return place === undefined ? undefined : lookUp(place, key);
}

/** `map` with `value` at `key`. */
export function withEntry<V>(map: PersistentMap<V>, key: string, value: V, edit: Edit): PersistentMap<V> {
  if (map?.kind === 'changed') {
    const size = lookUp(map, key) === undefined ? map.size + 1 : map.size;
    return { ...map, changes: put(map.changes, { key, value, edit }, 0), size };
  }
  if (map?.kind === 'entries' && map.edit !== edit && map.entries.size > MAX_COPIED)
    return withEntry(
      { kind: 'changed', base: map.entries, changes: undefined, size: map.entries.size },
      key,
      value,
      edit,
    );
  if (map?.kind !== 'entries' || map.edit !== edit) return put(map, { key, value, edit }, 0);
  map.entries.set(key, value);
  return map;
}

/** `map` without `key`. */
export function withoutEntry<V>(map: PersistentMap<V>, key: string, edit: Edit): PersistentMap<V> {
  if (map === undefined || lookUp(map, key) === undefined) return map;
  if (map.kind === 'changed') {
    if (map.size === 1) return undefined;
    const changes = map.base.has(key)
      ? put<V | typeof GONE>(map.changes, { key, value: GONE, edit }, 0)
      : take(map.changes, { key, edit }, 0);
    return { ...map, changes, size: map.size - 1 };
  }
  if (map.kind === 'entries' && map.edit !== edit && map.entries.size > MAX_COPIED)
    return withoutEntry(
      { kind: 'changed', base: map.entries, changes: undefined, size: map.entries.size },
      key,
      edit,
    );
  return take(map, { key, edit }, 0);
}

/** Every key and value, in no order that means anything. */
export function* entriesIn<V>(map: PersistentMap<V>): Generator<[string, V]> {
  if (map === undefined) return;
  if (map.kind === 'entries') yield* map.entries;
  else if (map.kind === 'branches') for (const branch of map.branches) yield* entriesIn(branch);
  else {
    for (const [key, value] of map.base) if (lookUp(map.changes, key) === undefined) yield [key, value];
    for (const [key, value] of entriesIn(map.changes)) if (value !== GONE) yield [key, value];
  }
}

/** Every key. */
export function* keysIn(map: PersistentMap<unknown>): Generator<string> {
  for (const [key] of entriesIn(map)) yield key;
}

/** Every value. */
export function* valuesIn<V>(map: PersistentMap<V>): Generator<V> {
  if (map?.kind === 'entries') yield* map.entries.values();
  else for (const [, value] of entriesIn(map)) yield value;
}

interface Putting<V> {
  readonly key: string;
  readonly value: V;
  readonly edit: Edit;
}

function put<V>(map: PersistentMap<V>, item: Putting<V>, depth: number): PersistentMap<V> {
  const { key, value, edit } = item;
  if (map?.kind === 'branches') {
    const branches = map.edit === edit ? map.branches : [...map.branches];
    const at = branchAt(key, depth);
    branches[at] = put(branches[at], item, depth + 1);
    return map.edit === edit ? map : { kind: 'branches', edit, branches };
  }
  const known = map?.kind === 'entries' ? map : undefined;
  const entries = known?.edit === edit ? known.entries : new Map(known?.entries);
  entries.set(key, value);
  if (entries.size > MAX_COPIED && depth * BITS < HASH_BITS) return branched(entries, edit, depth);
  return entries === known?.entries ? known : { kind: 'entries', edit, entries };
}

function branched<V>(entries: ReadonlyMap<string, V>, edit: Edit, depth: number): PersistentMap<V> {
  const branches = Array.from({ length: BRANCHES }, (): PersistentMap<V> => undefined);
  for (const [key, value] of entries) {
    const at = branchAt(key, depth);
    branches[at] = put(branches[at], { key, value, edit }, depth + 1);
  }
  return { kind: 'branches', edit, branches };
}

function take<V>(
  map: PersistentMap<V>,
  item: { readonly key: string; readonly edit: Edit },
  depth: number,
): PersistentMap<V> {
  const { key, edit } = item;
  if (map?.kind === 'branches') {
    const branches = map.edit === edit ? map.branches : [...map.branches];
    const at = branchAt(key, depth);
    branches[at] = take(branches[at], item, depth + 1);
    if (branches.every((branch) => branch === undefined)) return undefined;
    return map.edit === edit ? map : { kind: 'branches', edit, branches };
  }
  if (map?.kind !== 'entries' || !map.entries.has(key)) return map;
  if (map.entries.size === 1) return undefined;
  const entries = map.edit === edit ? map.entries : new Map(map.entries);
  entries.delete(key);
  return map.edit === edit ? map : { kind: 'entries', edit, entries };
}

function branchAt(key: string, depth: number): number {
  return (hashOf(key) >>> (depth * BITS)) & (BRANCHES - 1);
}

/** FNV-1a, with a last mixing so that names which differ at their end only differ in the low bits too. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

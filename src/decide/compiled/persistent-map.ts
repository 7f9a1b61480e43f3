/** A map of which every version stays: a change copies the few places on its way, never the whole. */

import { atOnce, STEP } from '../in-turns.ts';
import type { Steps } from '../in-turns.ts';

/**
 * One piece of work that changes maps and tries. What was made in the same piece of work is changed in place, so that
 * filling something large copies nothing; everything else is copied.
 */
export type Edit = symbol;

/** Entries by key, in one small map or in branches by the bits of the key's hash; `undefined` is the empty map. */
export type PersistentMap<V> = Place<V> | undefined;

interface Place<V> {
  readonly edit: Edit;
  /** The entries, where there are few. */
  readonly entries: Map<string, V> | undefined;
  readonly branches: PersistentMap<V>[] | undefined;
}

const BITS = 5;
const BRANCHES = 1 << BITS;
/** Entries of a place before it gets branches: what a change copies at most, beside the branches on the way. */
const MAX_ENTRIES = 256;
const HASH_BITS = 32;

/** The value of `key`. */
export function lookUp<V>(map: PersistentMap<V>, key: string): V | undefined {
  if (map === undefined) return undefined;
  if (map.branches === undefined) return map.entries?.get(key);
  let place: PersistentMap<V> = map;
  for (let hash = hashOf(key); place?.branches !== undefined; hash >>>= BITS)
    place = place.branches[hash & (BRANCHES - 1)];
  return place?.entries?.get(key);
}

/** `map` with `value` at `key`. */
export function withEntry<V>(map: PersistentMap<V>, key: string, value: V, edit: Edit): PersistentMap<V> {
  return put(map, { key, value, edit, hash: 0 }, 0);
}

/** A map of many entries at once, in steps; `entries` is its own from then on. */
export function* mapOf<V>(entries: Map<string, V>, edit: Edit, depth = 0): Steps<PersistentMap<V>> {
  if (entries.size === 0) return undefined;
  if (entries.size <= MAX_ENTRIES || depth * BITS >= HASH_BITS) return { edit, entries, branches: undefined };
  const parts = Array.from({ length: BRANCHES }, () => new Map<string, V>());
  let index = 0;
  for (const [key, value] of entries) {
    if (index++ % STEP === 0) yield;
    parts[branchAt(hashOf(key), depth)]?.set(key, value);
  }
  const branches: PersistentMap<V>[] = [];
  for (const part of parts) branches.push(yield* mapOf(part, edit, depth + 1));
  return { edit, entries: undefined, branches };
}

/** `map` without `key`. */
export function withoutEntry<V>(map: PersistentMap<V>, key: string, edit: Edit): PersistentMap<V> {
  return take(map, { key, edit, hash: map?.branches === undefined ? 0 : hashOf(key) }, 0);
}

/** Every value, in no order that means anything. */
export function* valuesIn<V>(map: PersistentMap<V>): Generator<V> {
  if (map === undefined) return;
  if (map.branches === undefined) yield* map.entries?.values() ?? [];
  else for (const branch of map.branches) yield* valuesIn(branch);
}

/** Every key, in no order that means anything. */
export function* keysIn(map: PersistentMap<unknown>): Generator<string> {
  if (map === undefined) return;
  if (map.branches === undefined) yield* map.entries?.keys() ?? [];
  else for (const branch of map.branches) yield* keysIn(branch);
}

/** Calls `visit` with each value until it answers true; whether it did. */
export function someValue<V>(map: PersistentMap<V>, visit: (value: V) => boolean): boolean {
  if (map === undefined) return false;
  if (map.branches !== undefined) return map.branches.some((branch) => someValue(branch, visit));
  for (const value of map.entries?.values() ?? []) if (visit(value)) return true;
  return false;
}

interface Putting<V> {
  readonly key: string;
  readonly value: V;
  readonly edit: Edit;
  /** Computed where the first branches are met. */
  hash: number;
}

function put<V>(map: PersistentMap<V>, item: Putting<V>, depth: number): PersistentMap<V> {
  const { key, value, edit } = item;
  if (map === undefined) return { edit, entries: new Map([[key, value]]), branches: undefined };
  if (map.branches !== undefined) {
    if (depth === 0) item.hash = hashOf(key);
    const branches = map.edit === edit ? map.branches : [...map.branches];
    const at = branchAt(item.hash, depth);
    branches[at] = put(branches[at], item, depth + 1);
    return map.edit === edit ? map : { edit, entries: undefined, branches };
  }
  const entries = map.edit === edit ? map.entries : new Map(map.entries);
  entries?.set(key, value);
  if (entries !== undefined && entries.size > MAX_ENTRIES && depth * BITS < HASH_BITS)
    return atOnce(mapOf(entries, edit, depth));
  return map.edit === edit ? map : { edit, entries, branches: undefined };
}

function take<V>(
  map: PersistentMap<V>,
  item: { readonly key: string; readonly edit: Edit; readonly hash: number },
  depth: number,
): PersistentMap<V> {
  const { key, edit, hash } = item;
  if (map?.branches !== undefined) {
    const at = branchAt(hash, depth);
    const branches = map.edit === edit ? map.branches : [...map.branches];
    branches[at] = take(branches[at], item, depth + 1);
    if (branches.every((branch) => branch === undefined)) return undefined;
    return map.edit === edit ? map : { edit, entries: undefined, branches };
  }
  if (map?.entries?.has(key) !== true) return map;
  if (map.entries.size === 1) return undefined;
  const entries = map.edit === edit ? map.entries : new Map(map.entries);
  entries.delete(key);
  return map.edit === edit ? map : { edit, entries, branches: undefined };
}

function branchAt(hash: number, depth: number): number {
  return (hash >>> (depth * BITS)) & (BRANCHES - 1);
}

/** FNV-1a, with a last mixing so that names which differ at their end only differ in the low bits too. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index++) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

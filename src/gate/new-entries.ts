/**
 * Creates files and directories whose name nobody said. Jupyter would choose it, after the decision; so the gate chooses,
 * asks about that path and creates exactly that.
 */
import { canonicalPath, encodePath, joinPath, parentPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import type { Classified } from '../core/classified.ts';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { fieldOf } from '../core/field-of.ts';
import { guardContents } from '../classify/template.ts';
import type { Forwarder } from '../forward/forwarder.ts';
import type { SubtreeLister } from './list-subtree.ts';
import type { JsonReply } from './json-reply.ts';

export interface NewEntries {
  /**
   * The path that what `classified` creates shall get: free, and nobody else's for a moment. Throws `NOT_FOUND` when there
   * is no such directory.
   */
  place(classified: Classified): Promise<CanonicalPath>;
  /** Gives the path back: nothing will be created there. */
  release(classified: Classified): void;
  /** Creates it at `classified.path`; what upstream refuses is passed on. */
  create(classified: Classified): Promise<JsonReply>;
}

export interface NewEntriesOptions {
  readonly forwarder: Pick<Forwarder, 'ask'>;
  readonly lister: Pick<SubtreeLister, 'list' | 'isDirectory'>;
  /** `/` or `/prefix/`. */
  readonly baseUrl: string;
  readonly clock: Clock;
}

/** How long a name that was given out is kept from others, ms: until it is used or refused. */
const KEPT = 10_000;

export function createNewEntries({ forwarder, lister, baseUrl, clock }: NewEntriesOptions): NewEntries {
  const given = new Map<CanonicalPath, number>();
  const target = (path: CanonicalPath): string => `${baseUrl}api/contents${guardContents(encodePath(path))}`;

  async function place(classified: Classified): Promise<CanonicalPath> {
    const path = entryOf(classified);
    const insert = insertOf(classified.input);
    const asked = clock.now();
    const taken = new Set((await lister.list(parentPath(path))).map((entry) => entry.path));
    const now = clock.now();
    for (const [at, until] of given) if (until < now - KEPT) given.delete(at);
    for (let number = 0; ; number += 1) {
      const free = numbered(path, number, insert);
      // A listing that was under way when it was created may lack it.
      if (taken.has(free) || (given.get(free) ?? -Infinity) >= asked) continue;
      given.set(free, now + KEPT);
      return free;
    }
  }

  async function create(classified: Classified): Promise<JsonReply> {
    const path = entryOf(classified);
    try {
      const { status, body } = await request(path, classified);
      if (status < 300) await expectAt(path, body);
      return {
        status,
        headers: { 'content-type': 'application/json', ...(status < 300 ? { location: target(path) } : {}) },
        body: Buffer.from(JSON.stringify(body ?? null)),
      };
    } finally {
      given.set(path, clock.now());
    }
  }

  /** A save without content overwrites nothing, and a copy to an address where nothing is gets exactly that name. */
  async function request(path: CanonicalPath, { input, subtree }: Classified): ReturnType<Forwarder['ask']> {
    if (subtree === undefined) return forwarder.ask('PUT', target(path), input);
    const isDirectory = await lister.isDirectory(subtree.source);
    // A directory is copied into whatever is named.
    return forwarder.ask('POST', target(isDirectory ? parentPath(path) : path), input);
  }

  /** Of a directory the server chose the name after all: another one than was asked about does not stay. */
  async function expectAt(path: CanonicalPath, model: unknown): Promise<void> {
    const created: unknown = fieldOf(model, 'path');
    if (typeof created === 'string' && canonicalPath(created) === path) return;
    if (typeof created === 'string' && created !== '')
      await forwarder.ask('DELETE', target(canonicalPath(created)));
    throw new AppError('UPSTREAM_FAILED', { detail: 'the name was taken in the same moment: try again' });
  }

  return { place, create, release: (classified) => void given.delete(entryOf(classified)) };
}

function entryOf({ path }: Classified): CanonicalPath {
  if (path === '') throw new TypeError('expected the path of what is created');
  return path;
}

/** As Jupyter numbers names (`increment_filename`): before the last dot of a notebook, before the first of anything else. */
function numbered(path: CanonicalPath, number: number, insert: string): CanonicalPath {
  if (number === 0) return path;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const cut = name.endsWith('.ipynb') ? name.lastIndexOf('.') : name.indexOf('.');
  const stem = cut < 0 ? name : name.slice(0, cut);
  return joinPath(parentPath(path), `${stem}${insert}${number}${name.slice(stem.length)}`);
}

function insertOf(input: unknown): string {
  if (fieldOf(input, 'copy_from') !== undefined) return '-Copy';
  return fieldOf(input, 'type') === 'directory' ? ' ' : '';
}

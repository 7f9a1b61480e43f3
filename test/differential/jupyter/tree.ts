/** A directory whose every change is noticed and undone. */
import { lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export interface Change {
  readonly how: 'added' | 'removed' | 'changed';
  /** Below the directory that is watched. */
  readonly path: string;
  /** Content of a file that was added or changed. */
  readonly content: Buffer | undefined;
}

export interface Tree {
  /** What differs from the first look. */
  changes(): readonly Change[];
  /** Puts everything back. */
  restore(changes: readonly Change[]): void;
}

interface Seen {
  /** Undefined for a directory. */
  readonly content: Buffer | undefined;
  /** Changes with every write, so that what was not written need not be read again. */
  stamp: string;
}

/** Watches `top` without the directories named in `unwatched`. */
export function watchTree(top: string, unwatched: readonly string[]): Tree {
  const first = new Map<string, Seen>();
  for (const [path, stamp] of walk(top, unwatched))
    first.set(path, { content: read(join(top, path)), stamp });

  function changeOf(path: string, stamp: string): Change | undefined {
    const before = first.get(path);
    if (before?.stamp === stamp) return undefined;
    const content = read(join(top, path));
    if (before === undefined) return { how: 'added', path, content };
    const same = before.content === undefined ? content === undefined : content?.equals(before.content);
    if (same !== true) return { how: 'changed', path, content };
    before.stamp = stamp;
    return undefined;
  }

  return {
    changes() {
      const now = walk(top, unwatched);
      const removed = [...first.keys()].filter((path) => !now.has(path));
      return [
        ...[...now].flatMap(([path, stamp]) => changeOf(path, stamp) ?? []),
        ...removed.map((path): Change => ({ how: 'removed', path, content: undefined })),
      ];
    },
    restore(changes) {
      for (const { how, path } of changes) {
        const before = first.get(path);
        if (how !== 'removed') rmSync(join(top, path), { recursive: true, force: true });
        if (before !== undefined) put(join(top, path), before.content);
      }
      for (const [path, { content }] of first) put(join(top, path), content, { onlyMissing: true });
    },
  };
}

/** Paths below `top` in order, a directory before what is in it, each with its stamp. */
function walk(top: string, unwatched: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  const waiting = [''];
  for (let directory = waiting.pop(); directory !== undefined; directory = waiting.pop()) {
    for (const entry of readdirSync(join(top, directory), { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (unwatched.includes(path)) continue;
      if (entry.isDirectory()) waiting.push(path);
      found.set(path, stampOf(join(top, path)));
    }
  }
  return found;
}

function stampOf(path: string): string {
  const status = lstatSync(path, { bigint: true, throwIfNoEntry: false });
  if (status === undefined) return 'gone';
  // A directory's own times move with what is in it, which is looked at by itself.
  if (status.isDirectory()) return 'directory';
  return `${status.ino} ${status.size} ${status.mtimeNs} ${status.ctimeNs} ${status.mode}`;
}

function read(path: string): Buffer | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(path) : undefined;
}

function put(path: string, content: Buffer | undefined, { onlyMissing = false } = {}): void {
  if (onlyMissing && lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
  mkdirSync(content === undefined ? path : dirname(path), { recursive: true });
  if (content !== undefined) writeFileSync(path, content);
}

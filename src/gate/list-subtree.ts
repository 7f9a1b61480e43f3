/** Lists what lies below a path of the served directory, as the Jupyter Server tells the gate itself. */
import { encodePath, joinPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import { AppError } from '../core/errors.ts';
import { fieldOf } from '../core/field-of.ts';
import { notFound } from '../core/not-found.ts';
import { guardContents } from '../classify/template.ts';
import type { Forwarder } from '../forward/forwarder.ts';

/** Directories listed at the same time: enough to hide the way there and back, few enough to leave the server alone. */
const PARALLEL = 4;

export interface Entry {
  readonly path: CanonicalPath;
  readonly directory: boolean;
}

export interface SubtreeLister {
  /**
   * `source` first, then what is in each directory below it. Throws `NOT_FOUND` when there is no source and
   * `UPSTREAM_FAILED` when something cannot be listed: what was not looked at must not be taken for empty.
   */
  walk(source: CanonicalPath): AsyncGenerator<readonly Entry[]>;
  /** What is in a directory. Throws as `walk` does, and `PATH_INVALID` when it is none. */
  list(directory: CanonicalPath): Promise<readonly Entry[]>;
  /** Throws as `walk` does. */
  isDirectory(path: CanonicalPath): Promise<boolean>;
  /** Throws as `walk` does. */
  assertThere(path: CanonicalPath): Promise<void>;
}

export function createSubtreeLister({ ask }: Pick<Forwarder, 'ask'>, baseUrl: string): SubtreeLister {
  const target = (path: CanonicalPath, query: string): string =>
    `${baseUrl}api/contents${guardContents(encodePath(path))}?${query}&hash=0`;

  async function look(path: CanonicalPath): Promise<Entry> {
    const { status, body } = await ask('GET', target(path, 'content=0'));
    if (status === 404) throw notFound({ path });
    if (status !== 200) throw unlisted(status);
    return { path, directory: typeOf(body) === 'directory' };
  }

  async function list(path: CanonicalPath): Promise<readonly Entry[]> {
    const { status, body } = await ask('GET', target(path, 'type=directory&content=1'));
    if (status === 404) throw notFound({ path });
    if (status === 400) throw new AppError('PATH_INVALID', { detail: `expected a directory at \`${path}\`` });
    const content: unknown = fieldOf(body, 'content');
    if (status !== 200 || !Array.isArray(content)) throw unlisted(status);
    return content.map((child: unknown) => {
      const name = fieldOf(child, 'name');
      if (typeof name !== 'string' || name.includes('/')) throw unlisted(status);
      return { path: joinPath(path, name), directory: typeOf(child) === 'directory' };
    });
  }

  async function* walk(source: CanonicalPath): AsyncGenerator<readonly Entry[]> {
    const first = await look(source);
    yield [first];
    const waiting = first.directory ? [source] : [];
    while (waiting.length > 0) {
      const listed = await Promise.all(waiting.splice(0, PARALLEL).map(list));
      for (const entries of listed) {
        yield entries;
        for (const { path, directory } of entries) if (directory) waiting.push(path);
      }
    }
  }

  return {
    walk,
    list,
    isDirectory: async (path) => (await look(path)).directory,
    assertThere: async (path) => void (await look(path)),
  };
}

function typeOf(model: unknown): string {
  const type = fieldOf(model, 'type');
  if (type === 'directory' || type === 'file' || type === 'notebook') return type;
  throw new AppError('UPSTREAM_FAILED', { detail: 'expected the type of an entry' });
}

function unlisted(status: number): AppError {
  return new AppError('UPSTREAM_FAILED', { detail: `the directory could not be listed: status ${status}` });
}

/**
 * What file is behind a room. Only the Jupyter Server knows: it gives files ids (jupyter_server_fileid), names rooms by
 * them, and follows renames. So it is asked, with the gate's own credentials, and its answer is kept for a moment.
 */
import { canonicalPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import type { Clock } from '../core/clock.ts';
import type { DocumentRef, Documents } from '../core/documents.ts';
import type { Forwarder } from '../forward/forwarder.ts';

export interface DocumentsDeps {
  readonly forwarder: Pick<Forwarder, 'ask'>;
  readonly clock: Clock;
  /** `/` or `/prefix/`. */
  readonly baseUrl: string;
}

interface Known {
  readonly path: Promise<CanonicalPath | undefined>;
  /** Epoch milliseconds at which it was asked for. */
  readonly since: number;
}

/** How long a path is taken for the file's own, ms: a rename is noticed that late, and a busy room asks that often. */
const GOOD_FOR = 1000;
const MOST_FILES = 10_000;
/** Forks live in the memory of the Jupyter Server and end with it. */
const MOST_FORKS = 10_000;
/** `format:type:fileId` (jupyter_server_ydoc, `decode_file_path`). */
const DOCUMENT_ROOM = /^[\w.-]+:[\w.-]+:([\w.-]+)$/;

export function createDocuments({ forwarder, clock, baseUrl }: DocumentsDeps): Documents {
  const files = new Map<string, Known>();
  const forks = new Map<string, string>();

  function fileOf({ kind, id }: DocumentRef): string | undefined {
    return kind === 'file' ? id : DOCUMENT_ROOM.exec(forks.get(id) ?? id)?.[1];
  }

  async function ask(file: string): Promise<CanonicalPath | undefined> {
    const { status, body } = await forwarder.ask(
      'GET',
      `${baseUrl}api/fileid/path?id=${encodeURIComponent(file)}`,
    );
    return status === 200 ? pathIn(body) : undefined;
  }

  return {
    async pathOf(document) {
      const file = fileOf(document);
      if (file === undefined || file === '') return undefined;
      const now = clock.now();
      const known = files.get(file);
      if (known !== undefined && now - known.since < GOOD_FOR) return known.path;
      const path = ask(file);
      keep(files, { key: file, value: { path, since: now }, most: MOST_FILES });
      // A failure is nothing to remember.
      path.catch(() => files.delete(file));
      return path;
    },
    learnFork: (fork, room) => keep(forks, { key: fork, value: room, most: MOST_FORKS }),
  };
}

/** Puts it in as the newest, and drops the oldest above `most`. */
function keep<Value>(
  map: Map<string, Value>,
  { key, value, most }: { readonly key: string; readonly value: Value; readonly most: number },
): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= most) break;
    map.delete(oldest);
  }
}

function pathIn(body: unknown): CanonicalPath | undefined {
  const path: unknown = typeof body === 'object' && body !== null ? Reflect.get(body, 'path') : undefined;
  if (typeof path !== 'string' || path === '') return undefined;
  try {
    return canonicalPath(path);
  } catch {
    return undefined;
  }
}

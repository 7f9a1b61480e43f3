/** Notes who writes which file, around the request that does it: nobody runs as somebody else's what they wrote themselves. */
import type { Classified } from '../core/classified.ts';
import type { FileWrite, FileWriters, WriteOutcome } from '../core/file-writers.ts';

/** What became of the request upstream. */
interface Replied {
  readonly reply: { readonly status: number };
  readonly buffered: Buffer | undefined;
  /** Whether what was sent puts a whole file in the place of the one that was there; anything else is added to it. */
  readonly isWhole?: boolean | undefined;
}

export interface WriteNotes {
  /**
   * Sends by `send`, and notes before it who writes what, and after it what came of that. Rejects as `send` does, and with
   * `STORE_UNAVAILABLE`, before anything was sent when nothing could be noted.
   */
  around<T extends Replied>(classified: Classified, subject: string, send: () => Promise<T>): Promise<T>;
}

export function createWriteNotes(writers: Pick<FileWriters, 'begin'>): WriteNotes {
  return {
    around(classified, subject, send) {
      const write = writeOf(classified, subject);
      return write === undefined ? send() : noted(writers, write, send);
    },
  };
}

async function noted<T extends Replied>(
  writers: Pick<FileWriters, 'begin'>,
  write: FileWrite,
  send: () => Promise<T>,
): Promise<T> {
  const underWay = await writers.begin(write);
  let outcome: WriteOutcome = 'unknown';
  try {
    const sent = await send();
    outcome = outcomeOf(write, sent);
    return sent;
  } finally {
    await underWay.end(outcome);
  }
}

/** What the request does to files, as their writers are concerned. */
function writeOf({ route, path, params, subtree }: Classified, subject: string): FileWrite | undefined {
  if (path === '') return undefined;
  switch (route) {
    case 'contents.save':
      return { kind: 'save', subject, path };
    case 'contents.delete':
      return { kind: 'delete', subject, path };
    case 'checkpoints.create':
      return { kind: 'checkpoint', subject, path };
    case 'checkpoints.restore':
      return { kind: 'restore', subject, path };
    case 'collaboration.fork-end':
      return params['merge'] === 'true' ? { kind: 'merge', subject, path } : undefined;
    case 'collaboration.undo':
      // The page then writes what the document was into what it is.
      return params['action'] === 'restore' ? { kind: 'merge', subject, path } : undefined;
    case 'contents.rename':
      return subtree && { kind: 'move', subject, source: subtree.source, path: subtree.destination };
    case 'contents.create':
      // Without a source the file is empty.
      return subtree && { kind: 'copy', subject, source: subtree.source, path };
    default:
      return undefined;
  }
}

function outcomeOf(write: FileWrite, { reply, buffered, isWhole }: Replied): WriteOutcome {
  if (reply.status >= 400 && reply.status < 500) return 'refused';
  if (reply.status >= 300) return 'unknown';
  if (write.kind !== 'save') return 'done';
  if (isWhole !== true) return 'unknown';
  const type = typeIn(buffered);
  // A directory is only made: what lies below it stays.
  return type === 'file' || type === 'notebook' ? 'done' : 'unknown';
}

function typeIn(body: Buffer | undefined): unknown {
  if (body === undefined) return undefined;
  try {
    return (JSON.parse(body.toString()) as { readonly type?: unknown } | null)?.type;
  } catch {
    return undefined;
  }
}

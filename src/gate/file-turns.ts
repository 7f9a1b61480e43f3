/**
 * Reading a notebook and saving it take turns at Jupyter, which takes one that is half written for broken: whoever reads it
 * then has it moved aside and what was there before put back, and somebody else's save is lost
 * (jupyter_server/services/contents/fileio.py `_read_notebook`). Several may read at once.
 */
import type { CanonicalPath } from '../core/canonical-path.ts';
import type { Classified } from '../core/classified.ts';
import { Ending } from '../core/ending.ts';
import { andThen } from '../core/soon.ts';
import type { Soon } from '../core/soon.ts';

export interface FileTurn {
  /** To be waited for before Jupyter acts on the request; at once while nobody is in the way. */
  readonly begin: () => Soon<void>;
  /** Jupyter has answered, or will not be asked. */
  readonly end: () => void;
  /**
   * Ends as `ending` does, but not while Jupyter is at the file: it goes on whether or not somebody waits for the answer, and so
   * must the turn. When the gate stops there are no more turns to wait for.
   */
  readonly outlasting: (ending: Ending) => Ending;
}

export interface FileTurns {
  /** The turn that an admitted request has to take; undefined for one that reads and saves no file as a notebook. */
  of(classified: Classified): FileTurn | undefined;
  /** The turn of a look of the gate's own. */
  reading(path: CanonicalPath): FileTurn;
}

type Kind = 'read' | 'save';
/** An export reads the file first, and then works on what it read, sometimes for minutes. */
type Look = Kind | 'export';

/** Who is at a file now, and who waits in the order they came, so that no stream of readers keeps a save out. */
interface Line {
  readers: number;
  isSaved: boolean;
  readonly waiting: { readonly kind: Kind; readonly enter: () => void }[];
}

/** `exportReads`: so long an export keeps others waiting at most, ms. */
export function createFileTurns({ exportReads = 5000 } = {}): FileTurns {
  const lines = new Map<CanonicalPath, Line>();

  function enter(path: CanonicalPath, kind: Kind): Soon<void> {
    const line = lines.get(path) ?? { readers: 0, isSaved: false, waiting: [] };
    lines.set(path, line);
    if (line.waiting.length === 0 && isFree(line, kind)) return take(line, kind);
    return new Promise((resolve) => line.waiting.push({ kind, enter: resolve }));
  }

  function leave(path: CanonicalPath, kind: Kind): void {
    const line = lines.get(path);
    if (line === undefined) return;
    if (kind === 'read') line.readers -= 1;
    else line.isSaved = false;
    for (let next = line.waiting[0]; next !== undefined && isFree(line, next.kind); next = line.waiting[0]) {
      line.waiting.shift();
      take(line, next.kind);
      next.enter();
    }
    if (line.readers === 0 && !line.isSaved) lines.delete(path);
  }

  function turn(path: CanonicalPath, look: Look): FileTurn {
    const kind = look === 'save' ? 'save' : 'read';
    let state: 'waiting' | 'on' | 'over' = 'waiting';
    let afterwards = (): void => undefined;
    const end = (): void => {
      if (state === 'on') leave(path, kind);
      state = 'over';
      afterwards();
    };
    const entered = (): void => {
      // Given up while it waited.
      if (state === 'over') leave(path, kind);
      else state = 'on';
      if (look === 'export') setTimeout(end, exportReads).unref();
    };
    return {
      begin: () => andThen(enter(path, kind), entered),
      end,
      outlasting: (ending) => {
        const own = new Ending();
        ending.onEnd((reason) => {
          if (state !== 'on' || reason.code === 'STOPPING') own.end(reason);
          else afterwards = () => own.end(reason);
        });
        return own;
      },
    };
  }

  return {
    of: (classified) => {
      const look = lookOf(classified);
      const path = classified.subtree?.source ?? classified.path;
      return look === undefined || path === '' ? undefined : turn(path, look);
    },
    reading: (path) => turn(path, 'read'),
  };
}

function isFree({ readers, isSaved }: Line, kind: Kind): boolean {
  return !isSaved && (kind === 'read' || readers === 0);
}

function take(line: Line, kind: Kind): void {
  if (kind === 'read') line.readers += 1;
  else line.isSaved = true;
}

/** What Jupyter does with the file as a notebook; what it copies or sends as it lies there is in nobody's way. */
function lookOf({ route, params, subtree }: Classified): Look | undefined {
  switch (route) {
    case 'contents.get':
      return params['content'] === '0' ? undefined : 'read';
    case 'contents.create':
      return subtree && 'read';
    case 'nbconvert.export':
    case 'nbconvert.run':
    case 'nbclassic.bundle':
      return 'export';
    case 'contents.trust':
    case 'contents.save':
      return 'save';
    default:
      return undefined;
  }
}

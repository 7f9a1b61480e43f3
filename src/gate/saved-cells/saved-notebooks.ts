/** The code cells of notebooks as they are saved, read with the gate's own credentials and kept until the file changes. */
import { encodePath } from '../../core/canonical-path.ts';
import type { CanonicalPath } from '../../core/canonical-path.ts';
import { AppError } from '../../core/errors.ts';
import { fieldOf } from '../../core/field-of.ts';
import { guardContents } from '../../classify/template.ts';
import { createBoundedCache } from '../../decide/bounded-cache.ts';
import type { Forwarder } from '../../forward/forwarder.ts';
import type { FileTurns } from '../file-turns.ts';

export interface SavedNotebooks {
  /**
   * The source of the saved code cell that `code` is; `undefined` when there is none, `MISSING` without such a notebook.
   * Rejects with `UPSTREAM_FAILED` when it cannot be read, as while something beside Jupyter writes it, and as
   * `Forwarder.ask` does.
   */
  find(path: CanonicalPath, code: string): Promise<string | undefined | typeof MISSING>;
}

export const MISSING = Symbol('no saved notebook');

interface Saved {
  readonly stamp: string;
  /** By their text with plain line ends: editors in a browser know no others. */
  readonly cells: ReadonlyMap<string, string>;
}

const MOST_KEPT = 200;
/** Characters of code; a notebook with more is read each time. */
const LARGEST_KEPT = 512 * 1024;

export interface SavedNotebooksDeps {
  readonly forwarder: Pick<Forwarder, 'ask'>;
  readonly fileTurns: Pick<FileTurns, 'reading'>;
  /** `/` or `/prefix/`. */
  readonly baseUrl: string;
}

export function createSavedNotebooks({ forwarder, fileTurns, baseUrl }: SavedNotebooksDeps): SavedNotebooks {
  const kept = createBoundedCache<Saved>(MOST_KEPT);

  async function get(path: CanonicalPath, query: string): Promise<unknown> {
    const target = `${baseUrl}api/contents${guardContents(encodePath(path))}?type=file&${query}&hash=0`;
    const { status, body } = await forwarder.ask('GET', target);
    if (status === 200) return body;
    if (status === 404) return undefined;
    throw new AppError('UPSTREAM_FAILED', { detail: `the notebook could not be read: status ${status}` });
  }

  /**
   * The time in the answer is looked up before the content, so what is kept is never older than its stamp says. Read as a
   * text: a notebook that Jupyter cannot parse, because it is being written, it would mend by undoing the save.
   */
  async function read(path: CanonicalPath): Promise<Saved | undefined> {
    const turn = fileTurns.reading(path);
    await turn.begin();
    const model = await get(path, 'format=text&content=1').finally(turn.end);
    const stamp = stampOf(model);
    if (stamp === undefined) return undefined;
    const saved = { stamp, cells: cellsOf(notebookIn(fieldOf(model, 'content'))) };
    if (sizeOf(saved) <= LARGEST_KEPT) kept.set(path, saved);
    return saved;
  }

  return {
    async find(path, code) {
      const wanted = plainLines(code);
      const known = kept.get(path);
      if (known !== undefined && known.stamp === stampOf(await get(path, 'content=0'))) {
        const found = known.cells.get(wanted);
        if (found !== undefined) return found;
      }
      const saved = await read(path);
      return saved === undefined ? MISSING : saved.cells.get(wanted);
    },
  };
}

/** What tells one state of a file from another without reading it; `undefined` where there is none. */
function stampOf(model: unknown): string | undefined {
  const modified = fieldOf(model, 'last_modified');
  if (fieldOf(model, 'type') !== 'file' || typeof modified !== 'string') return undefined;
  return `${modified} ${String(fieldOf(model, 'size'))}`;
}

function notebookIn(content: unknown): unknown {
  try {
    return JSON.parse(String(content));
  } catch (cause) {
    throw new AppError('UPSTREAM_FAILED', { detail: 'expected a notebook in JSON', cause });
  }
}

/** Cells lay in worksheets, and their source in `input`, before nbformat 4; a page shows both alike. */
function cellsOf(notebook: unknown): Map<string, string> {
  const isOld = Number(fieldOf(notebook, 'nbformat')) < 4;
  const sheets = isOld ? listOf(fieldOf(notebook, 'worksheets')) : [notebook];
  const field = isOld ? 'input' : 'source';
  const found = new Map<string, string>();
  for (const cell of sheets.flatMap((sheet) => listOf(fieldOf(sheet, 'cells')))) {
    const source = fieldOf(cell, 'cell_type') === 'code' ? textOf(fieldOf(cell, field)) : undefined;
    if (source !== undefined) found.set(plainLines(source), source);
  }
  return found;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** On disk a source is one text or a list of lines with their ends (nbformat 4). */
function textOf(source: unknown): string | undefined {
  if (typeof source === 'string') return source;
  const isLines = Array.isArray(source) && source.every((line) => typeof line === 'string');
  return isLines ? source.join('') : undefined;
}

function plainLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function sizeOf({ cells }: Saved): number {
  let size = 0;
  for (const source of cells.values()) size += source.length;
  return size;
}

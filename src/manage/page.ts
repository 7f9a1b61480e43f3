/** Pages of a listing: rows in order, and the cursor to go on from. */
import { nextTurn } from '../core/next-turn.ts';

/** Rows that become objects in a few milliseconds. */
const SLICE = 250;

export interface Page<Row, Cursor> {
  readonly items: readonly Row[];
  /** Pass as `after` for the next page; `null` on the last one. */
  readonly next: Cursor | null;
}

export interface PageInput<Cursor> {
  readonly after?: Cursor | undefined;
  /** 1 to 500. */
  readonly limit: number;
}

/** Reads one row more than asked, which tells whether another page follows. */
export async function readPage<Row, Cursor>(
  page: PageInput<Cursor>,
  load: (page: PageInput<Cursor>) => Promise<readonly Row[]>,
  cursorOf: (row: Row) => Cursor,
): Promise<Page<Row, Cursor>> {
  const rows = await load({ after: page.after, limit: page.limit + 1 });
  const items = rows.slice(0, page.limit);
  const last = items.at(-1);
  return { items, next: rows.length > page.limit && last !== undefined ? cursorOf(last) : null };
}

type ById = { readonly id: number };

/** Every row of a listing in the order of its ids, read in pages. */
export async function readAll<Row extends ById>(
  load: (page: PageInput<number>) => Promise<readonly Row[]>,
): Promise<Row[]> {
  const all: Row[] = [];
  let after: number | undefined;
  for (;;) {
    const rows = await load({ after, limit: SLICE });
    all.push(...rows);
    const last = rows.at(-1);
    if (rows.length < SLICE || last === undefined) return all;
    after = last.id;
    await nextTurn();
  }
}

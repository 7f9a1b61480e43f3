/** Answers with pages. */
import type { Page } from '../manage/page.ts';

/** A page with each row shown by `view`. */
export function shownPage<Row, View>(page: Page<Row, string | number>, view: (row: Row) => View) {
  return { items: page.items.map(view), next: page.next };
}

/** A page cut from a listing that is held whole; the cursor names the last item shown. */
export function cutPage<View>(
  all: readonly View[],
  page: { readonly after?: string | number | undefined; readonly limit: number },
  cursorOf: (view: View) => string | number,
) {
  const start = page.after === undefined ? 0 : all.findIndex((view) => cursorOf(view) === page.after) + 1;
  const items = all.slice(start, start + page.limit);
  const last = items.at(-1);
  return { items, next: start + page.limit < all.length && last !== undefined ? cursorOf(last) : null };
}

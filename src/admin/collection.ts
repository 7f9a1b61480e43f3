/** Answers with pages. */
import { AppError } from '../core/errors.ts';
import type { Page } from '../manage/page.ts';

/** A page with each row shown by `view`. */
export function shownPage<Row, View>(page: Page<Row, string | number>, view: (row: Row) => View) {
  return { items: page.items.map(view), next: page.next };
}

/** A page cut from a listing that is held whole; the cursor names the last item shown. Throws `INPUT_INVALID` when that is gone. */
export function cutPage<View>(
  all: readonly View[],
  page: { readonly after?: string | number | undefined; readonly limit: number },
  cursorOf: (view: View) => string | number,
) {
  const last = page.after === undefined ? -1 : all.findIndex((view) => cursorOf(view) === page.after);
  if (last === -1 && page.after !== undefined) {
    // From the beginning again, a client would go round for ever.
    const message = 'expected `next` of the page before; what it named is gone: begin without it';
    throw new AppError('INPUT_INVALID', { problems: [{ at: 'query.after', message }] });
  }
  const start = last + 1;
  const items = all.slice(start, start + page.limit);
  const end = items.at(-1);
  return { items, next: start + page.limit < all.length && end !== undefined ? cursorOf(end) : null };
}

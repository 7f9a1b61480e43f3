/** Many questions for one answer: asked a hundred at a time, since the one who answers may be a database. */
import type { Soon } from '../core/soon.ts';

const AT_ONCE = 100;

/** What `work` makes of each item, in order; what it makes undefined of is left out. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Soon<Result | undefined>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    const turn = await Promise.all(items.slice(at, at + AT_ONCE).map(async (item) => work(item)));
    results.push(...turn.filter((result) => result !== undefined));
  }
  return results;
}

/** Those of `items` for which `isAllowed` says yes. */
export function allowedOf<Item>(
  items: readonly Item[],
  isAllowed: (item: Item) => Soon<boolean>,
): Promise<readonly Item[]> {
  return inTurns(items, async (item) => ((await isAllowed(item)) ? item : undefined));
}

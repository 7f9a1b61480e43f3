/** Long work in steps: run at once, or in turns with the event loop so that no request waits for it. */
import { nextTurn, TURN } from '../core/next-turn.ts';

/** Work that stops at every `yield`, and what it comes to. */
export type Steps<T> = Generator<void, T, void>;

/** Items handled between two stops. */
export const STEP = 64;

/** Does all of it now. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

/** Does it a few milliseconds at a time. */
export async function inTurns<T>(steps: Steps<T>): Promise<T> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < TURN) continue;
    await nextTurn();
    since = performance.now();
  }
}

/** Items by a number, those with the lowest first, otherwise as they were: a sort that can be stopped. */
export function* sortedBy<Item>(
  items: readonly Item[],
  numberOf: (item: Item, index: number) => number,
): Steps<Item[]> {
  const groups = new Map<number, Item[]>();
  for (const [index, item] of items.entries()) {
    if (index % STEP === 0) yield;
    const number = numberOf(item, index);
    const group = groups.get(number);
    if (group === undefined) groups.set(number, [item]);
    else group.push(item);
  }
  const sorted: Item[] = [];
  for (const [, group] of [...groups].sort(([a], [b]) => a - b)) {
    for (const item of group) {
      if (sorted.length % STEP === 0) yield;
      sorted.push(item);
    }
  }
  return sorted;
}

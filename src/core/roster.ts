/**
 * Who is here at the moment: a set that many enter and leave every second. A `Set` would do, but V8 makes it a new table every
 * few dozen changes, in the old generation once it has come there, and each table that is left keeps what was in it until
 * the next full collection: here whole requests with all that was read and made for them.
 */

export interface Placed {
  /** Where it stands in its roster; `NOWHERE` while it is in none. Nobody else's business. */
  place: number;
}

export const NOWHERE = -1;

export class Roster<Item extends Placed> {
  readonly #items: Item[] = [];

  get size(): number {
    return this.#items.length;
  }

  has(item: Item): boolean {
    return item.place !== NOWHERE;
  }

  enter(item: Item): void {
    if (this.has(item)) return;
    item.place = this.#items.length;
    this.#items.push(item);
  }

  /** Answers whether it was here. The last takes its place. */
  leave(item: Item): boolean {
    const { place } = item;
    const last = this.#items.at(-1);
    if (place === NOWHERE || last === undefined) return false;
    this.#items[place] = last;
    last.place = place;
    this.#items.pop();
    item.place = NOWHERE;
    return true;
  }

  /** Those that are here now, in no order: a list of their own, so that they may leave while it is gone through. */
  all(): readonly Item[] {
    return [...this.#items];
  }
}

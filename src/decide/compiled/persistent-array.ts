/** An array of which every version stays: a change copies one of its pieces and the list of these. */

/** Items by their places; there may be gaps. */
export type PersistentArray<V> = readonly (Piece<V> | undefined)[];

type Piece<V> = readonly (V | undefined)[];

const BITS = 8;
const PIECE = 1 << BITS;

/** An array of these items. */
export function arrayOf<V>(items: readonly (V | undefined)[]): PersistentArray<V> {
  const pieces: Piece<V>[] = [];
  for (let at = 0; at < items.length; at += PIECE)
    pieces.push(Array.from({ length: Math.min(PIECE, items.length - at) }, (_, index) => items[at + index]));
  return pieces;
}

/** The item at a place, if there is one. */
export function itemAt<V>(array: PersistentArray<V>, at: number): V | undefined {
  return array[at >>> BITS]?.[at & (PIECE - 1)];
}

/** Every item. */
export function* itemsIn<V>(array: PersistentArray<V>): Generator<V> {
  for (const piece of array) for (const item of piece ?? []) if (item !== undefined) yield item;
}

/** `array` with another item, or none, at a place. */
export function withItem<V>(array: PersistentArray<V>, at: number, item: V | undefined): PersistentArray<V> {
  const pieces = [...array];
  while (pieces.length <= at >>> BITS) pieces.push(undefined);
  const piece = [...(pieces[at >>> BITS] ?? [])];
  while (piece.length < (at & (PIECE - 1))) piece.push(undefined);
  piece[at & (PIECE - 1)] = item;
  pieces[at >>> BITS] = piece;
  return pieces;
}

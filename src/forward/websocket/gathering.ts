/** Gathers a payload that comes in pieces. It is copied, so that many small pieces need no more memory than their bytes. */

const FIRST_ROOM = 65_536;
const NOTHING = Buffer.alloc(0);

export class Gathering {
  #room: Buffer = NOTHING;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** Adds `bytes`, with which `expected` more were announced. Room is made in proportion to what came, not to that. */
  add(bytes: Buffer, expected: number): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#room.length) {
      const larger = Math.min(Math.max(FIRST_ROOM, 2 * this.#room.length), this.#length + expected);
      const room = Buffer.allocUnsafeSlow(Math.max(needed, larger));
      this.#room.copy(room, 0, 0, this.#length);
      this.#room = room;
    }
    bytes.copy(this.#room, this.#length);
    this.#length = needed;
  }

  /** All that was added; nothing is left. */
  take(): Buffer {
    const gathered = this.#room.subarray(0, this.#length);
    this.#room = NOTHING;
    this.#length = 0;
    return gathered;
  }
}

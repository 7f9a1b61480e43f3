/** Follows the frames of one direction of a WebSocket without looking into them (RFC 6455 5.2). */

/** Bytes of the extended length that a short length stands for. */
const EXTENDED: Readonly<Record<number, number>> = { 126: 2, 127: 8 };

/** A class, as there is one for every open socket; a new one stands at the boundary before the first frame. */
export class FrameFollower {
  /** Bytes of the header that were seen. */
  #known = 0;
  /** Its second byte: whether there is a mask, and the length or what stands for a longer one. */
  #second = 0;
  #length = 0;
  /** Bytes of the payload that are to come. */
  #payload = 0;

  /** Whether one frame is complete and no other has begun: a control frame may be put in here (RFC 6455 5.4). */
  get atBoundary(): boolean {
    return this.#known === 0 && this.#payload === 0;
  }

  /** Takes all of `chunk`. */
  pass(chunk: Buffer): void {
    this.#take(chunk, false);
  }

  /** Takes `chunk` up to the first boundary, where it stops; answers how many bytes that were. */
  passToBoundary(chunk: Buffer): number {
    return this.#take(chunk, true);
  }

  #take(chunk: Buffer, stops: boolean): number {
    let at = 0;
    while (at < chunk.length) {
      if (stops && this.atBoundary) break;
      if (this.#payload > 0) {
        const taken = Math.min(this.#payload, chunk.length - at);
        this.#payload -= taken;
        at += taken;
        continue;
      }
      this.#takeHeader(chunk[at] ?? 0);
      at += 1;
    }
    return at;
  }

  #takeHeader(byte: number): void {
    this.#known += 1;
    if (this.#known === 1) return;
    if (this.#known === 2) {
      this.#second = byte;
      const short = byte & 0x7f;
      this.#length = short in EXTENDED ? 0 : short;
    }
    const extended = EXTENDED[this.#second & 0x7f] ?? 0;
    if (this.#known > 2 && this.#known <= 2 + extended) this.#length = this.#length * 256 + byte;
    if (this.#known < 2 + extended + (this.#second >= 0x80 ? 4 : 0)) return;
    this.#payload = this.#length;
    this.#known = 0;
  }
}

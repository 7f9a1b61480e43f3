/** Follows the frames of one direction of a WebSocket without looking into them (RFC 6455 5.2). */

export interface FrameFollower {
  /** Whether one frame is complete and no other has begun: a control frame may be put in here (RFC 6455 5.4). */
  readonly atBoundary: boolean;
  /** Takes all of `chunk`. */
  pass(chunk: Buffer): void;
  /** Takes `chunk` up to the first boundary, where it stops; answers how many bytes that were. */
  passToBoundary(chunk: Buffer): number;
}

const EXTENDED: Readonly<Record<number, number>> = { 126: 2, 127: 8 };

/** A follower at the boundary before the first frame. */
export function createFrameFollower(): FrameFollower {
  const header = Buffer.alloc(14);
  let known = 0;
  let payload = 0;

  function take(chunk: Buffer, stops: boolean): number {
    let at = 0;
    while (at < chunk.length) {
      if (stops && known === 0 && payload === 0) break;
      if (payload > 0) {
        const taken = Math.min(payload, chunk.length - at);
        payload -= taken;
        at += taken;
        continue;
      }
      header[known] = chunk[at] ?? 0;
      known += 1;
      at += 1;
      if (known < headerLength(header, known)) continue;
      payload = payloadLength(header);
      known = 0;
    }
    return at;
  }

  return {
    get atBoundary() {
      return known === 0 && payload === 0;
    },
    pass: (chunk) => void take(chunk, false),
    passToBoundary: (chunk) => take(chunk, true),
  };
}

/** Bytes of the header as far as its first `known` ones tell. */
function headerLength(header: Buffer, known: number): number {
  if (known < 2) return 2;
  const second = header[1] ?? 0;
  return 2 + (EXTENDED[second & 0x7f] ?? 0) + (second >= 0x80 ? 4 : 0);
}

function payloadLength(header: Buffer): number {
  const length = (header[1] ?? 0) & 0x7f;
  if (length === 126) return header.readUInt16BE(2);
  return length === 127 ? header.readUInt32BE(2) * 2 ** 32 + header.readUInt32BE(6) : length;
}

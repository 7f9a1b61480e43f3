/**
 * The numbers and byte strings of the Y protocols (lib0/encoding): seven bits of a number in each byte, the lowest first.
 * A number has exactly one spelling here. Readers differ in what they make of another: the server's room looks at the first
 * byte of a message, its save command at the whole number (jupyter_server_ydoc, `on_message`; pycrdt, `YRoom.serve`).
 */
import { isUtf8 } from 'node:buffer';
import { messageInvalid } from './kernel-message.ts';

export interface YReader {
  /** Throws `MESSAGE_INVALID` for a number that is cut off, too large or written with more bytes than it needs. */
  number(): number;
  /** A length and that many bytes. Throws `MESSAGE_INVALID` when they are not all there. */
  bytes(): Buffer;
  /** The same as UTF-8. Throws `MESSAGE_INVALID`. */
  text(): string;
  /** Throws `MESSAGE_INVALID` when something is left. */
  end(): void;
}

/** Reads `frame` from its beginning. */
export function yReader(frame: Buffer): YReader {
  let at = 0;

  function number(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = frame[at];
      if (byte === undefined) throw messageInvalid('expected a number, received the end of the frame');
      at += 1;
      value += (byte & 0x7f) * factor;
      if (value > Number.MAX_SAFE_INTEGER || factor > 2 ** 49)
        throw messageInvalid('expected a number below 2^53');
      if (byte < 0x80) {
        if (byte === 0 && factor > 1) throw messageInvalid('expected a number in as few bytes as it needs');
        return value;
      }
    }
  }

  function bytes(): Buffer {
    const length = number();
    if (length > frame.length - at) throw messageInvalid(`expected ${length} bytes, received fewer`);
    const found = frame.subarray(at, at + length);
    at += length;
    return found;
  }

  return {
    number,
    bytes,
    text() {
      const found = bytes();
      if (!isUtf8(found)) throw messageInvalid('expected UTF-8');
      return found.toString('utf8');
    },
    end() {
      if (at !== frame.length) throw messageInvalid('expected the end of the frame, received more');
    },
  };
}

/** A number in as few bytes as it needs. */
export function yNumber(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 0x7f) {
    bytes.push((rest % 128) | 0x80);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
  return Buffer.from(bytes);
}

/** The length of `bytes`, then `bytes`. */
export function yBytes(bytes: Buffer): Buffer {
  return Buffer.concat([yNumber(bytes.length), bytes]);
}

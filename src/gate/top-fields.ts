/** Reads the fields of a JSON object that is streamed, and keeps no more of it than that. */
import { AppError } from '../core/errors.ts';

/** `json` is the text of the value; undefined for an object, an array, and what is longer than a path can be. */
export type OnField = (name: string, json: string | undefined) => void;

export interface TopFields {
  /** Reads on. Throws `BODY_INVALID` for a name that is no JSON, and what `onField` throws. */
  read(chunk: Buffer): void;
  /** Whether the object has ended. */
  hasEnded(): boolean;
}

/** Longest name or value that is kept, bytes: a path with every letter escaped. */
const KEPT_LIMIT = 32 * 1024;
const [QUOTE, BACKSLASH, COLON, COMMA] = [0x22, 0x5c, 0x3a, 0x2c];
const [OPEN_OBJECT, OPEN_ARRAY, CLOSE_OBJECT, CLOSE_ARRAY] = [0x7b, 0x5b, 0x7d, 0x5d];

/**
 * Calls `onField` for each field of the outermost object, also for one that comes twice. What is no JSON is read somehow:
 * Jupyter refuses it.
 */
export function createTopFields(onField: OnField): TopFields {
  let depth = 0;
  let [isText, isEscaped, isNested, isLong, ended] = [false, false, false, false, false];
  let name: string | undefined;
  let kept: number[] = [];

  function keep(byte: number): void {
    if (depth !== 1) return;
    if (kept.length < KEPT_LIMIT) kept.push(byte);
    else isLong = true;
  }

  /** The text since the last mark. */
  function take(): string | undefined {
    const text = isLong || isNested ? undefined : Buffer.from(kept).toString().trim();
    [kept, isLong, isNested] = [[], false, false];
    return text;
  }

  function endField(): void {
    const json = take();
    if (name !== undefined) onField(name, json);
    name = undefined;
  }

  function inText(byte: number): void {
    if (isEscaped) isEscaped = false;
    else if (byte === BACKSLASH) isEscaped = true;
    else if (byte === QUOTE) isText = false;
    keep(byte);
  }

  /** Where a text goes on that nobody asks for, or ends: most of a file is one, and it is not looked at byte by byte. */
  function skipText(chunk: Buffer, from: number): number {
    if (isEscaped) {
      isEscaped = false;
      return from + 1;
    }
    const quote = chunk.indexOf(QUOTE, from);
    const end = quote < 0 ? chunk.length : quote;
    let backslashes = 0;
    while (end - backslashes > from && chunk[end - backslashes - 1] === BACKSLASH) backslashes += 1;
    const escapesNext = backslashes % 2 === 1;
    if (quote < 0) isEscaped = escapesNext;
    else if (!escapesNext) isText = false;
    return quote < 0 ? end : quote + 1;
  }

  function between(byte: number): void {
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      isNested = depth > 0;
      depth += 1;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (depth === 1) endField();
      depth -= 1;
      ended = depth <= 0;
    } else if (depth === 1 && byte === COLON) name = nameIn(take());
    else if (depth === 1 && byte === COMMA) endField();
    else {
      isText = byte === QUOTE;
      keep(byte);
    }
  }

  return {
    read(chunk) {
      let at = 0;
      while (at < chunk.length && !ended) {
        if (isText && (depth !== 1 || isLong)) at = skipText(chunk, at);
        else {
          const byte = chunk[at] ?? 0;
          at += 1;
          if (isText) inText(byte);
          else between(byte);
        }
      }
    },
    hasEnded: () => ended,
  };
}

function nameIn(json: string | undefined): string {
  const name = json === undefined ? undefined : jsonValue(json);
  if (typeof name === 'string') return name;
  throw new AppError('BODY_INVALID', { detail: 'expected a JSON object with names of fields' });
}

/** The value; undefined where the text is no JSON. */
export function jsonValue(json: string): unknown {
  try {
    return JSON.parse(json) as unknown;
  } catch {
    return undefined;
  }
}

/** What a client says to a terminal: JSON lists whose first entry says what they are (terminado, `on_message`). */
import { messageInvalid, parseJson } from './kernel-message.ts';
import type { Frame } from './kernel-message.ts';

export interface TerminalFrame {
  /** `stdin` is typed text; `set_size` resizes the terminal for everybody. */
  readonly kind: 'stdin' | 'set_size';
  /** Written from what was read. */
  readonly text: string;
}

/** Throws `MESSAGE_INVALID` for anything else: there is nothing else to say. */
export function readTerminalFrame(frame: Frame): TerminalFrame {
  if (typeof frame !== 'string') throw messageInvalid('expected text, received a binary frame');
  const list = parseJson(frame, 'frame');
  if (!Array.isArray(list)) throw messageInvalid('expected a JSON list');
  const [kind, ...rest] = list as readonly unknown[];
  const text = JSON.stringify(list);
  if (kind === 'stdin' && rest.length === 1 && typeof rest[0] === 'string') return { kind, text };
  if (kind === 'set_size' && rest.length >= 2 && rest.length <= 4 && rest.every(isSize))
    return { kind, text };
  throw messageInvalid('expected `["stdin", text]` or `["set_size", rows, columns]`');
}

/** `frame` of the server with `notice` before what it prints; undefined when it prints nothing. */
export function withNotice(frame: Frame, notice: string): string | undefined {
  if (typeof frame !== 'string' || !frame.startsWith('["stdout"')) return undefined;
  const list = parseJson(frame, 'frame');
  const [kind, text] = Array.isArray(list) ? (list as readonly unknown[]) : [];
  return kind === 'stdout' && typeof text === 'string' ? JSON.stringify([kind, notice + text]) : undefined;
}

/** Frontends measure before they are shown, and then there is no number. */
function isSize(value: unknown): boolean {
  return value === null || (typeof value === 'number' && Number.isFinite(value));
}

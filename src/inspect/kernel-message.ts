/** A message of Jupyter's kernel protocol, apart from how a socket frames it. */
import { AppError } from '../core/errors.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** Matched by `msg_id`; `session` tells the frontends which run of a kernel speaks. */
export interface MessageHeader extends JsonObject {
  readonly msg_id: string;
  readonly msg_type: string;
}

export interface KernelMessage {
  /** `shell`, `control`, `stdin`, `iopub`, or whatever else was written there. */
  readonly channel: string;
  readonly header: MessageHeader;
  readonly parentHeader: JsonObject;
  readonly metadata: JsonObject;
  readonly content: JsonObject;
  readonly buffers: readonly Buffer[];
}

/** What travels in one frame: a string is a text frame, bytes are a binary one. */
export type Frame = string | Buffer;

/** How a socket writes messages. */
export interface Framing {
  /** The message in a frame, wholly understood. Throws `MESSAGE_INVALID`. */
  decode(frame: Frame): KernelMessage;
  /** The frame of a message, written from its parts and nothing else. */
  encode(message: KernelMessage): Frame;
  /** The text of the header in a frame of the Jupyter Server, read leniently; `undefined` when there is none. */
  headerText(frame: Frame): string | undefined;
}

/** A refusal of the frame for `why`. */
export function messageInvalid(why: string, cause?: unknown): AppError {
  return new AppError('MESSAGE_INVALID', { detail: why, cause });
}

/** `value` as the header of a message. Throws `MESSAGE_INVALID`. */
export function checkHeader(value: unknown): MessageHeader {
  const header = checkObject(value, 'header');
  if (typeof header['msg_id'] !== 'string' || typeof header['msg_type'] !== 'string')
    throw messageInvalid('expected `msg_id` and `msg_type` in `header` to be strings');
  return header as MessageHeader;
}

/** `value` as a JSON object. Throws `MESSAGE_INVALID`. */
export function checkObject(value: unknown, name: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw messageInvalid(`expected \`${name}\` to be a JSON object`);
  return value as JsonObject;
}

/** The JSON in `text`; of duplicate keys the last counts, and only that is written out again. Throws `MESSAGE_INVALID`. */
export function parseJson(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw messageInvalid(`expected \`${name}\` to be JSON`, cause);
  }
}

/** The awareness protocol: a list of clients, each with a clock and a JSON object about who is there. */
import { checkObject, messageInvalid, parseJson } from './kernel-message.ts';
import type { JsonObject } from './kernel-message.ts';
import { yBytes, yNumber, yReader } from './y-bytes.ts';

export interface Presence {
  /** Number a client chose at random for itself. */
  readonly client: number;
  readonly clock: number;
  /** `null` when it went away. */
  readonly state: JsonObject | null;
}

/** Cursors, names and open files; nobody needs as much, bytes. */
const LARGEST = 1024 * 1024;

/** Throws `MESSAGE_INVALID`. */
export function decodeAwareness(payload: Buffer): readonly Presence[] {
  if (payload.length > LARGEST) throw messageInvalid(`expected at most ${LARGEST} bytes of awareness`);
  const reader = yReader(payload);
  const count = reader.number();
  const presences: Presence[] = [];
  for (let index = 0; index < count; index += 1) {
    const [client, clock] = [reader.number(), reader.number()];
    presences.push({ client, clock, state: stateIn(reader.text()) });
  }
  reader.end();
  return presences;
}

export function encodeAwareness(presences: readonly Presence[]): Buffer {
  const parts = presences.flatMap(({ client, clock, state }) => [
    yNumber(client),
    yNumber(clock),
    yBytes(Buffer.from(JSON.stringify(state))),
  ]);
  return Buffer.concat([yNumber(presences.length), ...parts]);
}

function stateIn(text: string): JsonObject | null {
  const state = parseJson(text, 'state');
  return state === null ? null : checkObject(state, 'state');
}

/** A client of collaboration rooms, as JupyterLab is one: yjs and its own protocols over a WebSocket. */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type { WebSocket } from 'ws';
import { Awareness, applyAwarenessUpdate, encodeAwarenessUpdate } from 'y-protocols/awareness';
import { readSyncMessage, writeSyncStep1, writeUpdate } from 'y-protocols/sync';
import * as Y from 'yjs';
import { openSocket } from './jupyter-sockets.ts';
import type { RunningGate } from './running-gate.ts';
import { until } from './until.ts';

const [SYNC, AWARENESS, RAW] = [0, 1, 2];

export interface RoomSession {
  readonly room: string;
  readonly sessionId: string;
}

export interface RoomVisit extends RoomSession {
  /** What the page has already. */
  readonly doc?: Y.Doc | undefined;
}

export interface RoomClient {
  readonly ws: WebSocket;
  readonly doc: Y.Doc;
  readonly awareness: Awareness;
  /** JSON of the replies to `save`, and of what else is no part of the document. */
  readonly raw: readonly Record<string, unknown>[];
  /** Source of the first cell of a notebook. */
  source(): string;
  /** Writes at the beginning of the first cell. */
  type(text: string): void;
  save(id: number): void;
  send(frame: Uint8Array | string): void;
  /** Speaks for a client, whoever it is. */
  sayFor(client: number, clock: number, state: unknown): void;
  /** Names of those who are here, by the number of their client. */
  people(): ReadonlyMap<number, Record<string, unknown>>;
  /** The code the socket was closed with. */
  readonly closed: Promise<number>;
  close(): void;
}

/** Asks for the room of a document, as JupyterLab does when it opens one. */
export async function roomOf(gate: RunningGate, token: string, path: string): Promise<RoomSession> {
  const reply = await gate.as(token, 'PUT', `/api/collaboration/session/${encodeURIComponent(path)}`, {
    format: 'json',
    type: 'notebook',
  });
  if (reply.status >= 300) throw new Error(`status ${reply.status}`);
  const { fileId, sessionId } = (await reply.json()) as { fileId: string; sessionId: string };
  return { room: `json:notebook:${fileId}`, sessionId };
}

/** Joins a room and waits until the document is there. */
export async function joinRoom(gate: RunningGate, token: string, visit: RoomVisit): Promise<RoomClient> {
  const client = await enterRoom(gate, token, visit);
  await until(() => client.source() !== '', 'the document');
  return client;
}

/** Joins a room that need not have a notebook in it. */
export async function enterRoom(
  gate: RunningGate,
  token: string,
  { room, sessionId, doc = new Y.Doc() }: RoomVisit,
): Promise<RoomClient> {
  const path = `/api/collaboration/room/${room}?sessionId=${sessionId}`;
  const early: Buffer[] = [];
  const { ws } = await openSocket(gate.url, path, { token, onMessage: (data) => void early.push(data) });
  ws.removeAllListeners('message');
  const awareness = new Awareness(doc);
  const raw: Record<string, unknown>[] = [];
  const closed = new Promise<number>((resolve) => ws.once('close', resolve));
  const send = (frame: Uint8Array | string): void => ws.send(frame);
  const message = (kind: number, write: (encoder: encoding.Encoder) => void): void => {
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, kind);
    write(encoder);
    send(encoding.toUint8Array(encoder));
  };

  const hear = (data: Buffer): void => {
    const decoder = decoding.createDecoder(data);
    const kind = decoding.readVarUint(decoder);
    if (kind === SYNC) {
      const answer = encoding.createEncoder();
      readSyncMessage(decoder, answer, doc, ws);
      if (encoding.length(answer) > 0) {
        message(SYNC, (encoder) => encoding.writeUint8Array(encoder, encoding.toUint8Array(answer)));
      }
    } else if (kind === AWARENESS) {
      applyAwarenessUpdate(awareness, decoding.readVarUint8Array(decoder), ws);
    } else if (kind === RAW) {
      raw.push(JSON.parse(decoding.readVarString(decoder)) as Record<string, unknown>);
    }
  };
  ws.on('message', hear);
  doc.on('update', (update: Uint8Array, origin: unknown) => {
    if (origin !== ws) message(SYNC, (encoder) => writeUpdate(encoder, update));
  });
  awareness.on(
    'update',
    (changed: { added: number[]; updated: number[]; removed: number[] }, origin: unknown) => {
      if (origin === ws) return;
      const clients = [...changed.added, ...changed.updated, ...changed.removed];
      message(AWARENESS, (encoder) =>
        encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(awareness, clients)),
      );
    },
  );
  early.forEach(hear);
  message(SYNC, (encoder) => writeSyncStep1(encoder, doc));

  const cell = (): Y.Text | undefined =>
    (doc.getArray('cells').get(0) as Y.Map<unknown> | undefined)?.get('source') as Y.Text | undefined;
  return {
    ws,
    doc,
    awareness,
    raw,
    closed,
    source: () => cell()?.toJSON() ?? '',
    type: (text) => cell()?.insert(0, text),
    save: (id) =>
      message(RAW, (encoder) => {
        encoding.writeVarString(encoder, 'save');
        encoding.writeVarUint(encoder, id);
      }),
    send,
    sayFor: (client, clock, state) =>
      message(AWARENESS, (encoder) => {
        const update = encoding.createEncoder();
        for (const number of [1, client, clock]) encoding.writeVarUint(update, number);
        encoding.writeVarString(update, JSON.stringify(state));
        encoding.writeVarUint8Array(encoder, encoding.toUint8Array(update));
      }),
    people: () => awareness.getStates(),
    close() {
      awareness.destroy();
      ws.terminate();
    },
  };
}

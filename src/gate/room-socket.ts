/**
 * A socket to a collaboration room. Each message is asked about the file that is behind the room at that moment, so a rename
 * and a change of rights count from the next one on: who may read follows, who may also write changes and saves.
 */
import type { CanonicalPath } from '../core/canonical-path.ts';
import type { DocumentRef, Documents } from '../core/documents.ts';
import { AppError } from '../core/errors.ts';
import type { FileWriters } from '../core/file-writers.ts';
import type { Action } from '../core/labels.ts';
import type { BridgeHandlers, BridgeMessage, BridgeOptions, ClientOutcome } from '../forward/forwarder.ts';
import type { Presence } from '../inspect/awareness.ts';
import { decodeYMessage, encodeYMessage } from '../inspect/y-message.ts';
import type { YMessage } from '../inspect/y-message.ts';
import type { PlanOptions } from './looked-into.ts';
import { ownPresences } from './own-presence.ts';
import type { AskingContext, Questions } from './questions.ts';
import { NOTHING, createRoomChanges } from './room-changes.ts';
import type { AskRoom, NoteChange, RoomAnswer } from './room-changes.ts';
import type { Seat, Seats } from './seats.ts';

export interface RoomSocketDeps {
  readonly questions: Questions;
  readonly documents: Documents;
  readonly seats: Seats;
  readonly writers: Pick<FileWriters, 'begin'>;
  /** Throws `POLICY_STALE`. */
  readonly assertFresh: () => void;
}

export interface RoomSocketPlan {
  readonly stillStands: () => Promise<boolean>;
  readonly bridge: BridgeOptions;
  /** Aborted with `ACCESS_ENDED` when the file may not be read any more. */
  readonly ended: AbortSignal;
  /** To be called when the socket is closed. */
  readonly leave: () => void;
}

/** A whole document with its outputs is one message; as much as the gate takes of a reply it rewrites, bytes. */
export const LARGEST_ROOM_MESSAGE = 256 * 1024 * 1024;
const SECOND_COPY = 'this room would be a second copy of the file';
const ENDED = 'Your right to see this has ended. Ask an administrator if you need it.';

/** Throws `DENIED_BY_POLICY` where reading is not enough to join. */
export async function planRoomSocket(deps: RoomSocketDeps, options: PlanOptions): Promise<RoomSocketPlan> {
  const { classified, identity } = options.admission;
  const { document } = classified;
  if (document === undefined) throw new TypeError(`\`${classified.route}\` names no document`);
  const context = { identity, client: options.client };
  const ask: AskRoom = (act) => askAbout(deps, { document, act, context });
  if (!(await ask('read')).allowed) {
    throw new AppError('DENIED_BY_POLICY', {
      detail: `write contents \`${classified.path}\`: ${SECOND_COPY}`,
    });
  }
  const ending = new AbortController();
  const seat = deps.seats.join(document.id, identity.subject);
  const end = (): void => ending.abort(new AppError('ACCESS_ENDED', { detail: ENDED }));
  return {
    stillStands: async () => (await ask('read')).allowed,
    ended: ending.signal,
    leave: () => seat.leave(),
    bridge: {
      isHeard: true,
      largest: LARGEST_ROOM_MESSAGE,
      open: () => follow({ ask, end, seat, note: noting(deps, identity.subject), ...options }),
    },
  };
}

interface Asking {
  readonly document: DocumentRef;
  readonly act: Action;
  readonly context: AskingContext;
}

async function askAbout(
  { questions, documents, assertFresh }: RoomSocketDeps,
  { document, act, context }: Asking,
): Promise<RoomAnswer> {
  const path = await documents.pathOf(document);
  assertFresh();
  if (path === undefined) return { allowed: false };
  const acts = act === 'read' && isSecondCopy(document.id, path) ? (['read', 'write'] as const) : [act];
  const asked = acts.flatMap((each) =>
    (['collaboration', 'contents'] as const).map((res) =>
      questions.complete({ res, act: each, path }, context),
    ),
  );
  const { verdict, refused } = await questions.askAll(asked, context.identity);
  return refused === undefined
    ? { allowed: true, path }
    : { allowed: false, refused: { question: refused, verdict } };
}

/**
 * Whether `room` is another than the one JupyterLab opens for a file. Jupyter does not keep two rooms of one file in step,
 * and the one that is behind may be saved over the other, when the file is renamed for instance: whoever may only read must
 * not be the one who makes it.
 */
function isSecondCopy(room: string, path: CanonicalPath): boolean {
  const usual = path.endsWith('.ipynb') ? 'json:notebook:' : 'text:file:';
  return room.includes(':') && !room.startsWith(usual);
}

/** Durable before the change is sent on. Who is noted already, as with all keys but the first, costs no commit. */
function noting({ writers }: RoomSocketDeps, subject: string): NoteChange {
  return async (path) => {
    const underWay = await writers.begin({ kind: 'edit', subject, path });
    await underWay.end('done');
  };
}

interface Following extends PlanOptions {
  readonly ask: AskRoom;
  readonly note: NoteChange;
  /** Closes the socket and says why. */
  readonly end: () => void;
  readonly seat: Seat;
}

function follow({ ask, note, end, seat, admission, onRefused }: Following): BridgeHandlers {
  const changes = createRoomChanges({ ask, note, onRefused });

  /** Whether the file may still be read; the socket closes otherwise. */
  async function mayStay(): Promise<boolean> {
    const { allowed } = await ask('read');
    if (!allowed) end();
    return allowed;
  }

  async function speak(presences: readonly Presence[]): Promise<ClientOutcome> {
    const { allowed: mayChange } = await ask('write');
    const { identity } = admission;
    return presenceOutcome(ownPresences(presences, { seat, identity, mayChange }));
  }

  return {
    async onServerMessage(message) {
      if (!(await mayStay())) return undefined;
      const said = understood(message);
      if (said?.kind === 'awareness') for (const { client } of said.presences) seat.heard(client);
      if (said?.kind === 'step1') changes.asked(message);
      return message;
    },
    async onClientMessage(frame) {
      const message = decodeYMessage(frame);
      if (message.kind === 'unknown' || !(await mayStay())) return NOTHING;
      if (message.kind === 'awareness') return speak(message.presences);
      if (message.kind === 'step1') return { toServer: encodeYMessage(message), toClient: [] };
      return changes.ruleOn(message);
    },
  };
}

/** What is said to the room, when there is anything left of it. */
export function presenceOutcome(presences: readonly Presence[]): ClientOutcome {
  if (presences.length === 0) return NOTHING;
  return { toServer: encodeYMessage({ kind: 'awareness', presences }), toClient: [] };
}

/** A message of the server; undefined when it cannot be read. */
export function understood(message: BridgeMessage): YMessage | undefined {
  try {
    return decodeYMessage(message);
  } catch (error) {
    if (error instanceof AppError && error.code === 'MESSAGE_INVALID') return undefined;
    throw error;
  }
}

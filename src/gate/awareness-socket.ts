/**
 * A socket to the room of everybody: who is here, and which files they have open. It has no document; names of files are
 * shown to those who may read them.
 */
import type { BridgeHandlers, BridgeOptions } from '../forward/forwarder.ts';
import type { Presence } from '../inspect/awareness.ts';
import { decodeYMessage, encodeYMessage } from '../inspect/y-message.ts';
import { inTurns } from '../present/in-turns.ts';
import { pathOrNone } from '../present/ownership.ts';
import type { Asker } from '../present/presenter.ts';
import { ownPresences } from './own-presence.ts';
import { NOTHING } from './room-changes.ts';
import { LARGEST_ROOM_MESSAGE, presenceOutcome, understood } from './room-socket.ts';
import type { Seat, Seats } from './seats.ts';

export interface AwarenessPlan {
  readonly bridge: BridgeOptions;
  /** To be called when the socket is closed. */
  readonly leave: () => void;
}

const ROOM = 'JupyterLab:globalAwareness';
/** Open files in one page; what is more is left out. */
const MOST_FILES = 256;

export function planAwarenessSocket({ seats }: { readonly seats: Seats }, asker: Asker): AwarenessPlan {
  const seat = seats.join(ROOM, asker.identity.subject);
  return {
    bridge: { isHeard: true, largest: LARGEST_ROOM_MESSAGE, open: () => meet(asker, seat) },
    leave: () => seat.leave(),
  };
}

function meet(asker: Asker, seat: Seat): BridgeHandlers {
  const { identity } = asker;
  return {
    async onServerMessage(frame) {
      const message = understood(frame);
      if (message?.kind === 'step1' || message?.kind === 'step2') return frame;
      if (message?.kind !== 'awareness') return undefined;
      for (const { client } of message.presences) seat.heard(client);
      const presences = await inTurns(message.presences, (presence) => shown(presence, asker));
      return encodeYMessage({ kind: 'awareness', presences });
    },
    onClientMessage(frame) {
      const message = decodeYMessage(frame);
      // Nothing is kept in this room: what would put something into it is dropped, for everybody.
      if (message.kind === 'step1') return { toServer: encodeYMessage(message), toClient: [] };
      if (message.kind !== 'awareness') return NOTHING;
      return presenceOutcome(ownPresences(message.presences, { seat, identity, mayChange: true }));
    },
  };
}

/** The fields that are known, without files this person may not read. */
async function shown(presence: Presence, asker: Asker): Promise<Presence> {
  const { state } = presence;
  if (state === null) return presence;
  const { user, documents, current } = state;
  const seen = async (file: unknown): Promise<boolean> => {
    const path = pathOrNone(file);
    return path !== '' && asker.may('contents', 'read', path);
  };
  const open: readonly unknown[] = Array.isArray(documents) ? documents.slice(0, MOST_FILES) : [];
  const files = await inTurns(open, async (file) => ((await seen(file)) ? file : undefined));
  // `notebook:pub/a.ipynb`: what shows it, then the file.
  const place = typeof current === 'string' && (await seen(current.slice(current.indexOf(':') + 1)));
  return {
    ...presence,
    state: {
      ...(user === undefined ? {} : { user }),
      ...(documents === undefined ? {} : { documents: files }),
      ...(current === undefined ? {} : { current: place ? current : null }),
    },
  };
}

/** What a person may say of themselves in a room: where they are, but not who they are. */
import type { Identity } from '../core/identity.ts';
import type { Presence } from '../inspect/awareness.ts';
import { shownIdentity } from '../present/me.ts';
import type { Seat } from './seats.ts';

export interface SpeakingOptions {
  readonly seat: Seat;
  readonly identity: Identity;
  /** The server saves by itself while anybody in the room wants it to (jupyter_server_ydoc, `_on_document_change`). */
  readonly mayChange: boolean;
}

/** A colour of CSS: a name, a hexadecimal number, a function or one of JupyterLab's variables. */
const COLOR = /^[\w#(),.% -]{1,64}$/;

/** Those of `presences` this socket may speak for, with its own name on each. */
export function ownPresences(
  presences: readonly Presence[],
  { seat, identity, mayChange }: SpeakingOptions,
): readonly Presence[] {
  return presences
    .filter(({ client }) => seat.take(client))
    .map((presence) => {
      const { state } = presence;
      if (state === null) return presence;
      const user = 'user' in state ? { user: nameOf(state['user'], identity) } : {};
      return { ...presence, state: { ...state, ...user, ...(mayChange ? {} : { autosave: false }) } };
    });
}

/** The identity the gate knows, in the colour the page chose. */
function nameOf(claimed: unknown, identity: Identity): Readonly<Record<string, unknown>> {
  const color: unknown =
    typeof claimed === 'object' && claimed !== null ? Reflect.get(claimed, 'color') : undefined;
  const known = shownIdentity(identity);
  return typeof color === 'string' && COLOR.test(color) ? { ...known, color } : known;
}

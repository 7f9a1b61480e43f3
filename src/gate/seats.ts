/**
 * Who speaks for which client of a room. A client of the awareness protocol is a number it chose itself, and whoever writes
 * a higher clock for it is believed: without this, one person could move or hide another's cursor and switch off the saving
 * of what others write. The first to speak for a number has it until they leave.
 */

/** One socket in a room. */
export interface Seat {
  /** Whether this socket may speak for `client`. */
  take(client: number): boolean;
  /** The server spoke for `client`: it is somebody else's, unless it was taken before. */
  heard(client: number): void;
  leave(): void;
}

export interface Seats {
  join(room: string, subject: string): Seat;
}

interface Holder {
  readonly subject: string;
  sockets: number;
}

/** A page speaks for one client, a page that reconnects for the same. */
const MOST_OWN = 16;
/** Clients of others heard of; each page that was ever opened is one. */
const MOST_OTHERS = 65_536;

/** Rooms with nobody in them. */
export function createSeats(): Seats {
  const rooms = new Map<string, Map<number, Holder>>();

  function holders(room: string): Map<number, Holder> {
    const known = rooms.get(room) ?? new Map<number, Holder>();
    rooms.set(room, known);
    return known;
  }

  function join(room: string, subject: string): Seat {
    const own = new Set<number>();
    const others = new Set<number>();

    function take(client: number): boolean {
      if (own.has(client)) return true;
      const holder = rooms.get(room)?.get(client);
      if (
        holder === undefined ? others.has(client) || others.size >= MOST_OTHERS : holder.subject !== subject
      )
        return false;
      if (own.size >= MOST_OWN) return false;
      own.add(client);
      if (holder === undefined) holders(room).set(client, { subject, sockets: 1 });
      else holder.sockets += 1;
      return true;
    }

    function leave(): void {
      const held = rooms.get(room);
      if (held === undefined) return;
      for (const client of own) {
        const holder = held.get(client);
        if (holder !== undefined) holder.sockets -= 1;
        if (holder?.sockets === 0) held.delete(client);
      }
      own.clear();
      if (held.size === 0) rooms.delete(room);
    }

    return {
      take,
      heard(client) {
        if (!own.has(client) && others.size < MOST_OTHERS) others.add(client);
      },
      leave,
    };
  }

  return { join };
}

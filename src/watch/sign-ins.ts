/** Whether those who opened something are still signed in as they were then. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Authenticator } from '../authenticate/authenticator.ts';
import type { LiveSocket } from '../core/live-socket.ts';

/** Each is a question to the database or two, and while they are asked nothing else is sent or answered. */
const AT_A_TIME = 16;

interface Opened {
  readonly socket: LiveSocket;
}

/** Tells of all that rests on a sign-in which does not hold any more. */
export async function confirmSignIns<Held extends Opened>(
  authenticator: Authenticator,
  some: readonly Held[],
  onEnded: (held: Held) => void,
): Promise<void> {
  const groups = bySignIn(some);
  const confirm = async (group: readonly Held[]): Promise<void> => {
    const [first] = group;
    const holds = first !== undefined && (await signInHolds(authenticator, first.socket));
    if (!holds) group.forEach(onEnded);
  };
  for (let at = 0; at < groups.length; at += AT_A_TIME) {
    if (at > 0) await nextTurn();
    await Promise.all(groups.slice(at, at + AT_A_TIME).map(confirm));
  }
}

/** One look-up is enough for all that came with the same session or token. */
function bySignIn<Held extends Opened>(some: readonly Held[]): readonly (readonly Held[])[] {
  const groups = new Map<string, Held[]>();
  for (const held of some) {
    const { credential, credentialId, subject } = held.socket.identity;
    const key = `${credential} ${credentialId ?? subject}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [held]);
    else group.push(held);
  }
  return [...groups.values()];
}

async function signInHolds(
  authenticator: Authenticator,
  { headers, queryToken, identity }: LiveSocket,
): Promise<boolean> {
  try {
    const again = await authenticator.identify({ headers, queryToken, audience: 'proxy', secure: false });
    return again.identity.subject === identity.subject;
  } catch {
    return false;
  }
}

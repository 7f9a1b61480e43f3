/** Whether those who opened something are still signed in as they were then. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Authenticator } from '../authenticate/authenticator.ts';
import type { LiveSocket } from '../core/live-socket.ts';

/** Each is a question to the database or two, and while they are asked nothing else is sent or answered. */
const AT_A_TIME = 16;

/** Tells of all that rests on a sign-in which does not hold any more. */
export async function confirmSignIns(
  authenticator: Authenticator,
  sockets: Iterable<LiveSocket>,
  onEnded: (socket: LiveSocket) => void,
): Promise<void> {
  const groups = bySignIn(sockets);
  const confirm = async (group: readonly LiveSocket[]): Promise<void> => {
    const [first] = group;
    const holds = first !== undefined && (await signInHolds(authenticator, first));
    if (!holds) group.forEach(onEnded);
  };
  for (let at = 0; at < groups.length; at += AT_A_TIME) {
    if (at > 0) await nextTurn();
    await Promise.all(groups.slice(at, at + AT_A_TIME).map(confirm));
  }
}

/** One look-up is enough for all that came with the same session or token. */
function bySignIn(sockets: Iterable<LiveSocket>): readonly (readonly LiveSocket[])[] {
  const groups = new Map<string, LiveSocket[]>();
  for (const socket of sockets) {
    const { credential, credentialId, subject } = socket.identity;
    const key = `${credential} ${credentialId ?? subject}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [socket]);
    else group.push(socket);
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

/** Each second: writes down which sessions, tokens, links and invitations have come to their end. */
import { endInvitations } from './invitations/end-invitations.ts';
import type { Management } from './management.ts';
import { endCredentials } from './sign-in/end-credentials.ts';

const LOOK_EVERY = 1000;

type Log = (message: string, details: Readonly<Record<string, unknown>>) => void;

/**
 * Starts at once with what ended while no gate ran. What cannot be recorded is tried again at the next look; whoever
 * signs in meanwhile is refused by the time all the same. Returns a function that stops it and waits for the work under
 * way.
 */
export function followEnds(management: Management, log: Log): () => Promise<void> {
  let working: Promise<void> | undefined;
  const look = (): void => {
    working ??= recordEnds(management)
      .catch((error: unknown) => log('what has come to its end could not be recorded yet', { error }))
      .finally(() => {
        working = undefined;
      });
  };
  look();
  const timer = setInterval(look, LOOK_EVERY).unref();
  return async () => {
    clearInterval(timer);
    await working;
  };
}

/** Once. */
export async function recordEnds(management: Management): Promise<void> {
  const { store, clock } = management;
  if (!(await store.read.endings.isDue(clock.now()))) return;
  await endCredentials(management);
  await endInvitations(management);
}

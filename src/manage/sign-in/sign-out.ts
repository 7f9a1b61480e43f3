/** Ends the session of a browser. */
import { closeSession } from './close-session.ts';
import type { SignInDeps } from './sign-in-deps.ts';

/** False when there was no such session any more; signing out twice is no error. */
export async function signOut(
  deps: Pick<SignInDeps, 'store' | 'clock' | 'forget'>,
  { secret, address }: { readonly secret: string; readonly address: string },
): Promise<boolean> {
  const at = deps.clock.now();
  const closed = await deps.store.transaction((tx) =>
    closeSession(tx, { secret, at, address, why: 'signed out' }),
  );
  if (closed) deps.forget();
  return closed;
}

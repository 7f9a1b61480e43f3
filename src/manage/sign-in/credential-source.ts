/** The store's read side as the authenticator asks it. */
import type { CredentialSource } from '../../authenticate/authenticator.ts';
import type { Repositories } from '../../store/store.ts';

/** A removed user is unknown; their tombstone opens nothing. */
export function credentialSource({ sessions, tokens, users }: Repositories): CredentialSource {
  return {
    session: (hash) => sessions.findByHash(hash),
    token: (hash) => tokens.findByHash(hash),
    async user(name) {
      const user = await users.find(name);
      return user?.removedAt === null ? { displayName: user.displayName, active: user.active } : undefined;
    },
  };
}

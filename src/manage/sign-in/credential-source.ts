/** The store's read side as the authenticator asks it. */
import type { CredentialSource } from '../../authenticate/authenticator.ts';
import type { Repositories } from '../../store/store.ts';

/** A removed user is unknown, their tombstone opens nothing; nor does a session whose API token was revoked. */
export function credentialSource({ sessions, tokens, users }: Repositories): CredentialSource {
  return {
    async session(hash) {
      const session = await sessions.findByHash(hash);
      if (session === undefined || session.tokenId === null) return session;
      // Looked up rather than removed with the token: a sign-in of the same moment could store its session after that.
      const token = await tokens.find(session.tokenId);
      return token?.revokedAt === null ? session : undefined;
    },
    token: (hash) => tokens.findByHash(hash),
    async user(name) {
      const user = await users.find(name);
      return user?.removedAt === null ? { displayName: user.displayName, active: user.active } : undefined;
    },
  };
}

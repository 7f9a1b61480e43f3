/** The sign-in pages on a real socket over a real SQLite file, with a movable clock. */
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Koa from 'koa';
import { signInRoutes } from '../../../src/accept/sign-in/sign-in-routes.ts';
import type { Authenticator } from '../../../src/authenticate/authenticator.ts';
import { createAuthenticator } from '../../../src/authenticate/create-authenticator.ts';
import { createBrowserCookies } from '../../../src/authenticate/browser-cookies.ts';
import { createPasswords } from '../../../src/authenticate/passwords.ts';
import type { Passwords } from '../../../src/authenticate/passwords.ts';
import { publicOrigins } from '../../../src/authenticate/public-origins.ts';
import { hashSecret, mintId, mintToken } from '../../../src/authenticate/secrets.ts';
import type { ClientInfo } from '../../../src/core/http.ts';
import { gateActor } from '../../../src/manage/actor.ts';
import { createLink } from '../../../src/manage/sign-in/create-link.ts';
import { createSignInAttempts } from '../../../src/manage/sign-in/create-sign-in-attempts.ts';
import { credentialSource } from '../../../src/manage/sign-in/credential-source.ts';
import type { SignInDeps } from '../../../src/manage/sign-in/sign-in-deps.ts';
import { openStore } from '../../../src/store/open-store.ts';
import type { Store, TokenRecord, UserRecord } from '../../../src/store/store.ts';
import { movableClock } from './movable-clock.ts';
import type { MovableClock } from './movable-clock.ts';

export const PASSWORD = 'correct horse battery';

export interface SignInServer {
  readonly origin: string;
  readonly port: number;
  readonly store: Store;
  readonly clock: MovableClock;
  readonly authenticator: Authenticator;
  readonly useCases: SignInDeps;
  /** Passwords that were put through scrypt since the start. */
  readonly derived: readonly string[];
  addUser(name: string, change?: Partial<UserRecord>): Promise<void>;
  addToken(user: string, change?: Partial<TokenRecord>): Promise<string>;
  link(user: string): Promise<string>;
  close(): Promise<void>;
}

export interface SignInServerOptions {
  readonly baseUrl?: string;
  /** Whether clients are told to have come over TLS. */
  readonly secure?: boolean;
}

export async function startSignInServer({
  baseUrl = '/',
  secure = false,
}: SignInServerOptions = {}): Promise<SignInServer> {
  const directory = await mkdtemp(join(tmpdir(), 'gate-sign-in-'));
  const clock = movableClock();
  const store = await openStore({
    database: `sqlite:${join(directory, 'gate.db')}`,
    server: 'default',
    clock,
  });
  const { passwords, derived } = cheapPasswords();
  const cookieOptions = { instanceId: 'test', secret: Buffer.alloc(32, 7), baseUrl };
  const attempts = createSignInAttempts(clock);
  const authenticator = createAuthenticator({
    source: credentialSource(store.read),
    clock,
    guesses: attempts.byAddress,
    ...cookieOptions,
  });
  const useCases: SignInDeps = {
    store,
    clock,
    passwords,
    attempts,
    sessionLifetime: 3_600_000,
    linkLifetime: 600_000,
    forget: () => authenticator.forget(),
  };
  const app = new Koa();
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  app.use(
    signInRoutes({
      authenticator,
      cookies: createBrowserCookies(cookieOptions),
      useCases,
      baseUrl,
      clientOf: (request) => clientOf(request.headers.host ?? '', request.socket.remoteAddress ?? '', secure),
      publicOrigins: () => publicOrigins({ publicUrls: [] }, port),
    }),
  );
  app.use((ctx) => {
    ctx.body = 'passed on';
  });
  const handle = app.callback();
  server.on('request', (request, response) => void handle(request, response));

  return {
    origin: `http://127.0.0.1:${port}`,
    port,
    store,
    clock,
    authenticator,
    useCases,
    derived,
    async addUser(name, change = {}) {
      const passwordHash = await passwords.hash(PASSWORD);
      const user = {
        name,
        displayName: name,
        active: true,
        passwordHash,
        createdAt: clock.now(),
        removedAt: null,
        ...change,
      };
      await store.transaction((tx) => tx.users.insert(user));
    },
    async addToken(user, change = {}) {
      const token = mintToken();
      const record: TokenRecord = {
        id: mintId(),
        user,
        hash: hashSecret(token),
        note: '',
        audience: 'proxy',
        roles: null,
        createdAt: clock.now(),
        expiresAt: null,
        revokedAt: null,
        ...change,
      };
      await store.transaction((tx) => tx.tokens.insert(record));
      return token;
    },
    link: async (user) => (await createLink(useCases, gateActor, { user })).code,
    async close() {
      server.close();
      server.closeAllConnections();
      await store.close();
      await rm(directory, { recursive: true });
    },
  };
}

function clientOf(host: string, address: string, secure: boolean): ClientInfo {
  return { address, host, secure, origin: `${secure ? 'https' : 'http'}://${host}` };
}

/** The real class around a cheap stand-in for scrypt: its cost is tested where it belongs. */
function cheapPasswords(): { readonly passwords: Passwords; readonly derived: readonly string[] } {
  const derived: string[] = [];
  const passwords = createPasswords({
    async derive({ password, salt, keyLength }) {
      derived.push(password);
      return Buffer.from(hashSecret(password + salt.toString('hex')), 'hex').subarray(0, keyLength);
    },
  });
  return { passwords, derived };
}

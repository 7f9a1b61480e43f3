/** What the sign-in pages are given. */
import type { IncomingMessage } from 'node:http';
import type { Authenticator } from '../../authenticate/authenticator.ts';
import type { BrowserCookies } from '../../authenticate/browser-cookies.ts';
import type { ClientInfo } from '../../core/http.ts';
import type { SignInDeps } from '../../manage/sign-in/sign-in-deps.ts';

export interface SignInRoutesDeps {
  readonly authenticator: Authenticator;
  /** Made with the same instance id, secret and base URL as the authenticator. */
  readonly cookies: BrowserCookies;
  readonly useCases: SignInDeps;
  /** `/` or `/prefix/`. */
  readonly baseUrl: string;
  /** Where the client is, after trusted proxies were taken into account. */
  readonly clientOf: (request: IncomingMessage) => ClientInfo;
  /** Origins under which browsers may open the gate; known once the port is. */
  readonly publicOrigins: () => readonly string[];
}

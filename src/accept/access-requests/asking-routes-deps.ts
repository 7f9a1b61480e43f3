/** What the pages for asking are given. */
import type { AccessAsker } from '../../core/access-advice.ts';
import type { AskingDeps } from '../../manage/access-requests/asking-deps.ts';
import type { SignInRoutesDeps } from '../sign-in/sign-in-routes-deps.ts';
import type { Visit } from '../sign-in/visit.ts';

export interface AskingRoutesDeps extends SignInRoutesDeps {
  readonly asking: AskingDeps;
}

/** Whoever is signed in; undefined for a guest. */
export function askerOf({ current, client }: Visit): AccessAsker | undefined {
  return current === undefined ? undefined : { subject: current.user, ip: client.address };
}

/** Address of the page that waits for the answer to a request. */
export function askedLink(baseUrl: string, id: number): string {
  return `${baseUrl}gate/asked?request=${id}`;
}

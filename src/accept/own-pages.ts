/** Every page of the proxy listener that is the gate's own. */
import type Koa from 'koa';
import type { AskingDeps } from '../manage/access-requests/asking-deps.ts';
import { accessRequestRoutes } from './access-requests/access-request-routes.ts';
import { invitationRoutes } from './invitations/invitation-routes.ts';
import type { InvitationRoutesDeps } from './invitations/invitation-routes.ts';
import { INVITE_PATH } from './invitations/invitation-routes.ts';
import { SIGN_IN_PATHS, signInRoutes } from './sign-in/sign-in-routes.ts';

/** First segments below the base URL: everything else is passed on without asking the routers, which takes them longer than a verdict. */
const SEGMENTS: ReadonlySet<string> = new Set([...SIGN_IN_PATHS, INVITE_PATH].map(firstSegment));

export interface OwnPagesDeps extends InvitationRoutesDeps {
  /** Left out: nobody can ask, because it is not the policy that decides. */
  readonly asking?: AskingDeps | undefined;
}

/** The sign-in pages come last: they let nothing below `/gate/` pass that is not theirs. */
export function ownPages(deps: OwnPagesDeps): Koa.Middleware {
  const { asking, baseUrl } = deps;
  const pages = [
    ...(asking === undefined ? [] : [accessRequestRoutes({ ...deps, asking })]),
    invitationRoutes(deps),
    signInRoutes(deps),
  ];
  return (ctx, next) => {
    const { path } = ctx;
    const pass = (index: number): Promise<unknown> =>
      Promise.resolve(pages[index] === undefined ? next() : pages[index](ctx, () => pass(index + 1)));
    const isOwn = path.startsWith(baseUrl) && SEGMENTS.has(firstSegment(path.slice(baseUrl.length)));
    return isOwn ? pass(0) : next();
  };
}

function firstSegment(path: string): string {
  const cut = path.indexOf('/');
  return cut < 0 ? path : path.slice(0, cut);
}

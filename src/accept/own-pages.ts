/** Every page of the proxy listener that is the gate's own. */
import type Koa from 'koa';
import { invitationRoutes } from './invitations/invitation-routes.ts';
import type { InvitationRoutesDeps } from './invitations/invitation-routes.ts';
import { INVITE_PATH } from './invitations/invitation-routes.ts';
import { SIGN_IN_PATHS, signInRoutes } from './sign-in/sign-in-routes.ts';

/** First segments below the base URL: everything else is passed on without asking the routers, which takes them longer than a verdict. */
const SEGMENTS: ReadonlySet<string> = new Set([...SIGN_IN_PATHS, INVITE_PATH].map(firstSegment));

/** Invitations come first: the sign-in pages let nothing below `/gate/` pass that is not theirs. */
export function ownPages(deps: InvitationRoutesDeps): Koa.Middleware {
  const [invitations, signIn] = [invitationRoutes(deps), signInRoutes(deps)];
  const { baseUrl } = deps;
  return (ctx, next) => {
    const { path } = ctx;
    const isOwn = path.startsWith(baseUrl) && SEGMENTS.has(firstSegment(path.slice(baseUrl.length)));
    return isOwn ? invitations(ctx, () => signIn(ctx, next)) : next();
  };
}

function firstSegment(path: string): string {
  const cut = path.indexOf('/');
  return cut < 0 ? path : path.slice(0, cut);
}

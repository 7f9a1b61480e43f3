/** Every page of the proxy listener that is the gate's own. */
import type Koa from 'koa';
import { invitationRoutes } from './invitations/invitation-routes.ts';
import type { InvitationRoutesDeps } from './invitations/invitation-routes.ts';
import { signInRoutes } from './sign-in/sign-in-routes.ts';

/** Invitations come first: the sign-in pages let nothing below `/gate/` pass that is not theirs. */
export function ownPages(deps: InvitationRoutesDeps): Koa.Middleware {
  const [invitations, signIn] = [invitationRoutes(deps), signInRoutes(deps)];
  return (ctx, next) => invitations(ctx, () => signIn(ctx, next));
}

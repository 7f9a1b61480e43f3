/** Every page of the proxy listener that is the gate's own. */
import type Koa from 'koa';
import type { AskingDeps } from '../manage/access-requests/asking-deps.ts';
import { accessRequestRoutes } from './access-requests/access-request-routes.ts';
import { invitationRoutes } from './invitations/invitation-routes.ts';
import type { InvitationRoutesDeps } from './invitations/invitation-routes.ts';
import { signInRoutes } from './sign-in/sign-in-routes.ts';

export interface OwnPagesDeps extends InvitationRoutesDeps {
  /** Left out: nobody can ask, because it is not the policy that decides. */
  readonly asking?: AskingDeps | undefined;
}

/** The sign-in pages come last: they let nothing below `/gate/` pass that is not theirs. */
export function ownPages(deps: OwnPagesDeps): Koa.Middleware {
  const { asking } = deps;
  const pages = [
    ...(asking === undefined ? [] : [accessRequestRoutes({ ...deps, asking })]),
    invitationRoutes(deps),
    signInRoutes(deps),
  ];
  return (ctx, next) => {
    const pass = (index: number): Promise<unknown> =>
      Promise.resolve(pages[index] === undefined ? next() : pages[index](ctx, () => pass(index + 1)));
    return pass(0);
  };
}

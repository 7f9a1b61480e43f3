/** `/gate/invite?invitation=CODE`: GET shows what the invitation gives, POST accepts it. */
import { Router } from '@koa/router';
import type Koa from 'koa';
import { AppError, asAppError } from '../../core/errors.ts';
import { acceptInvitation, previewInvitation } from '../../manage/invitations/accept-invitation.ts';
import type { InvitationDeps } from '../../manage/invitations/accept-invitation.ts';
import { invitationPage } from '../../present/pages/invitation-page.ts';
import { note } from '../own-notes.ts';
import { enter, loginLink, problemOf } from '../sign-in/login-routes.ts';
import { readForm } from '../sign-in/read-form.ts';
import { replyJson, replyPage, replyRedirect, wantsHtml } from '../sign-in/replies.ts';
import { answered, literal, refuseMethod } from '../sign-in/sign-in-routes.ts';
import type { SignInRoutesDeps } from '../sign-in/sign-in-routes-deps.ts';
import { assertOwnForm, parameter, visit } from '../sign-in/visit.ts';
import type { Visit } from '../sign-in/visit.ts';

export interface InvitationRoutesDeps extends SignInRoutesDeps {
  readonly management: InvitationDeps['management'];
}

/** Path below the base URL. */
export const INVITE_PATH = 'gate/invite';

/** Refusals after which the form is shown again. */
const CORRECTABLE = new Set(['INPUT_INVALID', 'XSRF_MISMATCH', 'OVERLOADED']);

/** Answers this address and passes all others on. */
export function invitationRoutes(deps: InvitationRoutesDeps): Koa.Middleware {
  const router = new Router({ sensitive: true, strict: true });
  const path = literal(deps.baseUrl + INVITE_PATH);
  const answer = (page: (deps: InvitationRoutesDeps, ctx: Koa.Context) => Promise<void> | void) => {
    return (ctx: Koa.Context) =>
      answered(deps, ctx, { path: INVITE_PATH, page: (_deps, inner) => page(deps, inner) });
  };
  router.get(path, answer(showInvitation));
  router.post(path, answer(submitInvitation));
  router.all(path, answer(refuseMethod));
  // The router adds `params` to the context itself, so it takes the plain one.
  return router.routes() as Koa.Middleware;
}

async function showInvitation(deps: InvitationRoutesDeps, ctx: Koa.Context): Promise<void> {
  const visited = await visit(deps, ctx);
  await show(deps, ctx, visited, { status: 200, problem: undefined, name: '' });
}

async function submitInvitation(deps: InvitationRoutesDeps, ctx: Koa.Context): Promise<void> {
  const visited = await visit(deps, ctx);
  const form = await readForm(ctx.req);
  try {
    assertOwnForm(deps, ctx, { ...visited, form });
    await accept(deps, ctx, visited, form);
  } catch (thrown) {
    const error = asAppError(thrown);
    if (!wantsHtml(ctx) || !CORRECTABLE.has(error.code)) throw thrown;
    note(ctx, { code: error.code });
    const name = form.get('display_name') ?? '';
    await show(deps, ctx, visited, { status: error.status, problem: problemOf(error), name });
  }
}

async function accept(
  deps: InvitationRoutesDeps,
  ctx: Koa.Context,
  visited: Visit,
  form: ReadonlyMap<string, string>,
): Promise<void> {
  const { current, client, next } = visited;
  // Somebody signed in or out in another tab after the page was shown: it named another account.
  if ((form.get('as') ?? '') !== (current?.user ?? '')) throw new AppError('XSRF_MISMATCH');
  const guest =
    current === undefined ? { displayName: form.get('display_name') ?? '' } : { user: current.user };
  const { user, session } = await acceptInvitation(useCases(deps), {
    code: codeOf(ctx),
    address: client.address,
    guest,
  });
  if (session !== undefined) enter(deps, ctx, visited, session);
  else if (wantsHtml(ctx)) replyRedirect(ctx, 303, next);
  else replyJson(ctx, 200, { user });
}

interface Shown {
  readonly status: number;
  readonly problem: string | undefined;
  readonly name: string;
}

async function show(
  deps: InvitationRoutesDeps,
  ctx: Koa.Context,
  visited: Visit,
  shown: Shown,
): Promise<void> {
  const { current, xsrf, client } = visited;
  const code = codeOf(ctx);
  const invitation = await previewInvitation(useCases(deps), { code, address: client.address });
  const { role, path, expiresAt } = invitation;
  if (!wantsHtml(ctx)) {
    replyJson(ctx, shown.status, { role, path, expires_at: new Date(expiresAt).toISOString() });
    return;
  }
  const back = `${deps.baseUrl}${INVITE_PATH}?invitation=${encodeURIComponent(code)}`;
  const { problem, name } = shown;
  const texts = { problem, name, loginLink: loginLink(deps.baseUrl, back) };
  replyPage(ctx, shown.status, invitationPage({ role, path, expiresAt, current, xsrf, ...texts }));
}

function codeOf(ctx: Koa.Context): string {
  const code = parameter(ctx, 'invitation');
  if (code === undefined) throw new AppError('INVITATION_INVALID');
  return code;
}

function useCases({ management, useCases: signIn }: InvitationRoutesDeps): InvitationDeps {
  return { management, signIn };
}

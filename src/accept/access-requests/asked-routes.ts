/** `/gate/asked?request=ID`: GET shows how it stands and goes on when it is allowed, POST withdraws it. */
import type Koa from 'koa';
import type { AccessAsker } from '../../core/access-advice.ts';
import { AppError, asAppError } from '../../core/errors.ts';
import { withdrawRequest } from '../../manage/access-requests/close-access-request.ts';
import { followRequest } from '../../manage/access-requests/follow-request.ts';
import type { FollowedRequest } from '../../manage/access-requests/follow-request.ts';
import { askLink } from '../../present/pages/access-form.ts';
import { ASKED_HEADERS, askedPage } from '../../present/pages/asked-page.ts';
import type { AskedPage } from '../../present/pages/asked-page.ts';
import { note } from '../own-notes.ts';
import { localPath } from '../sign-in/local-path.ts';
import { problemOf } from '../sign-in/login-routes.ts';
import { readForm } from '../sign-in/read-form.ts';
import { replyJson, replyPage, replyRedirect, wantsHtml } from '../sign-in/replies.ts';
import { assertOwnForm, parameter, visit } from '../sign-in/visit.ts';
import type { Visit } from '../sign-in/visit.ts';
import { askedLink, askerOf } from './asking-routes-deps.ts';
import type { AskingRoutesDeps } from './asking-routes-deps.ts';
import { signedInVisit } from './signed-in-visit.ts';

/** On another gate of the same database an approval is in force within a second or two, ms. */
const SETTLES_IN = 5000;

export async function showAsked(deps: AskingRoutesDeps, ctx: Koa.Context): Promise<void> {
  const signedIn = await signedInVisit(deps, ctx);
  if (signedIn === undefined) return;
  const { visited, asker } = signedIn;
  await show(deps, ctx, visited, { asker, status: 200, problem: undefined });
}

/** Throws `SIGN_IN_REQUIRED`, `ORIGIN_MISMATCH`, `REQUEST_UNKNOWN` or `REQUEST_DECIDED`. */
export async function submitAsked(deps: AskingRoutesDeps, ctx: Koa.Context): Promise<void> {
  const visited = await visit(deps, ctx);
  const form = await readForm(ctx.req);
  const asker = askerOf(visited);
  if (asker === undefined) throw new AppError('SIGN_IN_REQUIRED');
  try {
    assertOwnForm(deps, ctx, { ...visited, form });
    const actor = { subject: asker.subject, roles: null, address: asker.ip };
    const { result } = await withdrawRequest(deps.asking.management, actor, idOf(ctx));
    if (wantsHtml(ctx)) replyRedirect(ctx, 303, askedLink(deps.baseUrl, result.id));
    else replyJson(ctx, 200, { state: result.status });
  } catch (thrown) {
    const error = asAppError(thrown);
    const isShown = error.code === 'XSRF_MISMATCH' || error.code === 'REQUEST_DECIDED';
    if (!wantsHtml(ctx) || !isShown) throw thrown;
    note(ctx, { code: error.code });
    await show(deps, ctx, visited, { asker, status: error.status, problem: problemOf(error) });
  }
}

interface Shown {
  readonly asker: AccessAsker;
  readonly status: number;
  readonly problem: string | undefined;
}

async function show(
  deps: AskingRoutesDeps,
  ctx: Koa.Context,
  { xsrf }: Visit,
  { asker, status, problem }: Shown,
): Promise<void> {
  const { baseUrl } = deps;
  const followed = await followRequest(deps.asking, asker, idOf(ctx));
  const { address, act, res, path, reason, note: words, expiresAt } = followed.request;
  const state = stateOf(followed, deps.useCases.clock.now());
  const next = localPath(address === '' ? undefined : address, baseUrl);
  if (!wantsHtml(ctx)) {
    replyJson(ctx, status, { state, note: words === '' ? null : words });
  } else if (state === 'allowed' && address !== '' && problem === undefined) {
    replyRedirect(ctx, 303, next);
  } else {
    const thing = { act, res, path } as AskedPage['thing'];
    const again = askLink(baseUrl, address === '' ? { act, res, path } : { next: address });
    const texts = { note: words, reason, problem, next, askLink: again, home: baseUrl };
    replyPage(ctx, status, askedPage({ state, thing, expiresAt, xsrf, ...texts }), ASKED_HEADERS);
  }
}

function stateOf({ request, status, isAllowed }: FollowedRequest, now: number): AskedPage['state'] {
  if (isAllowed) return 'allowed';
  if (status === 'open') return 'waiting';
  if (status !== 'approved') return status;
  return (request.decidedAt ?? 0) + SETTLES_IN > now ? 'waiting' : 'ended';
}

/** Throws `REQUEST_UNKNOWN` for what is no number too. */
function idOf(ctx: Koa.Context): number {
  const text = parameter(ctx, 'request') ?? '';
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new AppError('REQUEST_UNKNOWN');
  return Number(text);
}

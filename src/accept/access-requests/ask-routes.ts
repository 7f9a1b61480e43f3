/** `/gate/ask?next=ADDRESS` or `?act=&res=&path=`: GET shows what would be asked for, POST asks. */
import type Koa from 'koa';
import type { AccessAsker } from '../../core/access-advice.ts';
import { AppError, asAppError } from '../../core/errors.ts';
import { askAccess, findAsked } from '../../manage/access-requests/ask-access.ts';
import { thingOf, wantedAt, wantedThing } from '../../manage/access-requests/wanted-access.ts';
import type { Wanted } from '../../manage/access-requests/wanted-access.ts';
import { askPage } from '../../present/pages/ask-page.ts';
import { note } from '../own-notes.ts';
import { problemOf } from '../sign-in/login-routes.ts';
import { readForm } from '../sign-in/read-form.ts';
import { replyJson, replyPage, replyRedirect, wantsHtml } from '../sign-in/replies.ts';
import { assertOwnForm, parameter, visit } from '../sign-in/visit.ts';
import type { Visit } from '../sign-in/visit.ts';
import { askedLink, askerOf } from './asking-routes-deps.ts';
import type { AskingRoutesDeps } from './asking-routes-deps.ts';
import { signedInVisit } from './signed-in-visit.ts';

/** Refusals after which the form is shown again. */
const CORRECTABLE = new Set([
  'INPUT_INVALID',
  'OVERLOADED',
  'REQUESTS_TOO_MANY',
  'TOO_MANY_ATTEMPTS',
  'XSRF_MISMATCH',
]);

interface Asked {
  readonly asker: AccessAsker;
  readonly wanted: Wanted;
  /** `''` when a single action is asked for. */
  readonly address: string;
}

/** A guest is sent to sign in, and back. */
export async function showAsk(deps: AskingRoutesDeps, ctx: Koa.Context): Promise<void> {
  const signedIn = await signedInVisit(deps, ctx);
  if (signedIn === undefined) return;
  const { visited, asker } = signedIn;
  const asked = read(deps, ctx, visited, asker);
  const waiting = await findAsked(deps.asking, asker, asked.wanted);
  if (waiting !== undefined) goOn(deps, ctx, waiting.id);
  else await show(deps, ctx, visited, { asked, status: 200, problem: undefined, reason: '' });
}

/** Throws `SIGN_IN_REQUIRED` for a guest, `ORIGIN_MISMATCH` and what asking is refused with. */
export async function submitAsk(deps: AskingRoutesDeps, ctx: Koa.Context): Promise<void> {
  const visited = await visit(deps, ctx);
  const form = await readForm(ctx.req);
  const asker = askerOf(visited);
  if (asker === undefined) throw new AppError('SIGN_IN_REQUIRED');
  const asked = read(deps, ctx, visited, asker);
  const reason = form.get('reason') ?? '';
  try {
    assertOwnForm(deps, ctx, { ...visited, form });
    const request = await askAccess(deps.asking, { ...asked, reason });
    if (request === undefined) replyRedirect(ctx, 303, asked.address === '' ? deps.baseUrl : asked.address);
    else goOn(deps, ctx, request.id);
  } catch (thrown) {
    const error = asAppError(thrown);
    if (!wantsHtml(ctx) || !CORRECTABLE.has(error.code)) throw thrown;
    note(ctx, { code: error.code });
    await show(deps, ctx, visited, { asked, status: error.status, problem: problemOf(error), reason });
  }
}

function read(deps: AskingRoutesDeps, ctx: Koa.Context, { next }: Visit, asker: AccessAsker): Asked {
  const { management, classifyUrl } = deps.asking;
  if (parameter(ctx, 'next') !== undefined)
    return { asker, address: next, wanted: wantedAt(management, classifyUrl, { asker, address: next }) };
  const [act, res, path] = [parameter(ctx, 'act'), parameter(ctx, 'res'), parameter(ctx, 'path')];
  if (act === undefined || res === undefined)
    throw new AppError('TARGET_INVALID', { detail: 'expected `next`, or `act` and `res`' });
  return { asker, address: '', wanted: wantedThing(management, asker, { act, res, path: path ?? '' }) };
}

interface Shown {
  readonly asked: Asked;
  readonly status: number;
  readonly problem: string | undefined;
  readonly reason: string;
}

async function show(deps: AskingRoutesDeps, ctx: Koa.Context, visited: Visit, shown: Shown): Promise<void> {
  const { asked, status, problem, reason } = shown;
  const { current, xsrf } = visited;
  const advice = await deps.asking.adviser.advise(asked.wanted);
  if (!wantsHtml(ctx)) {
    const { refused } = asked.wanted;
    replyJson(ctx, status, {
      missing: refused === undefined ? null : thingOf(refused),
      role: advice?.role?.name ?? null,
    });
  } else if (advice === undefined || current === undefined) {
    replyRedirect(ctx, 302, asked.address === '' ? deps.baseUrl : asked.address);
  } else {
    const form = { action: ctx.req.url ?? '', xsrf, reason };
    replyPage(ctx, status, askPage({ advice, current, form, problem, home: deps.baseUrl }));
  }
}

function goOn({ baseUrl }: AskingRoutesDeps, ctx: Koa.Context, id: number): void {
  if (wantsHtml(ctx)) replyRedirect(ctx, 303, askedLink(baseUrl, id));
  else replyJson(ctx, 200, { request: id });
}

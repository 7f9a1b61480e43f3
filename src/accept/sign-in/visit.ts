/** Who is at the browser that opened one of the sign-in pages, and whether its request may act. */
import type Koa from 'koa';
import { defend } from '../../authenticate/browser-defence.ts';
import type { ClientInfo } from '../../core/http.ts';
import type { Identity } from '../../core/identity.ts';
import { isSignedIn } from '../../core/identity.ts';
import { queryValues } from '../../core/target.ts';
import { AppError } from '../../core/errors.ts';
import type { Account } from '../../present/pages/parts.ts';
import { note } from '../own-notes.ts';
import { localPath } from './local-path.ts';
import type { SignInRoutesDeps } from './sign-in-routes-deps.ts';

export interface Visit {
  readonly client: ClientInfo;
  readonly identity: Identity;
  /** Value for the `_xsrf` field of a form shown to this browser. */
  readonly xsrf: string;
  /** Who is signed in, if anybody. */
  readonly current: Account | undefined;
  /** Secret of the session cookie as it was sent, valid or not. */
  readonly sessionSecret: string | undefined;
  /** Where to go afterwards: a path of this gate. */
  readonly next: string;
}

/**
 * Reads the browser's cookies and sets those that are missing. A token in a header is not looked at: these pages are
 * for browsers, and whoever acts here always needs Origin and `_xsrf`. Throws `HOST_UNKNOWN`.
 */
export async function visit(deps: SignInRoutesDeps, ctx: Koa.Context): Promise<Visit> {
  const client = deps.clientOf(ctx.req);
  const { cookie } = ctx.req.headers;
  const { identity, setCookies } = await deps.authenticator.identify({
    headers: cookie === undefined ? {} : { cookie },
    queryToken: undefined,
    audience: 'proxy',
    secure: client.secure,
  });
  note(ctx, { subject: identity.subject, credential: identity.credential });
  defend({ method: 'GET', upgrade: false, headers: ctx.req.headers }, client, identity, deps.publicOrigins());
  if (setCookies.length > 0) ctx.set('Set-Cookie', [...setCookies]);
  return {
    client,
    identity,
    xsrf: identity.xsrf ?? '',
    current: isSignedIn(identity) ? { user: identity.subject, displayName: identity.displayName } : undefined,
    sessionSecret: deps.cookies.session(cookie, client.secure).secret,
    next: localPath(parameter(ctx, 'next'), deps.baseUrl),
  };
}

/** Throws `ORIGIN_MISMATCH` or `XSRF_MISMATCH` unless the form came from a page of ours in this very session. */
export function assertOwnForm(
  deps: SignInRoutesDeps,
  ctx: Koa.Context,
  { client, identity, form }: Visit & { readonly form: ReadonlyMap<string, string> },
): void {
  const request = { method: 'POST', upgrade: false, headers: ctx.req.headers, queryXsrf: form.get('_xsrf') };
  defend(request, client, identity, deps.publicOrigins());
}

/** A query parameter; undefined when it is missing or empty. Throws `TARGET_INVALID` when it comes twice. */
export function parameter(ctx: Koa.Context, name: string): string | undefined {
  const values = queryValues(ctx.req.url ?? '', name);
  if (values.length > 1) throw new AppError('TARGET_INVALID', { detail: `expected \`${name}\` once` });
  return values[0] === '' ? undefined : values[0];
}

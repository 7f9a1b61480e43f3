/** The people of the policy cases with everything they could prove themselves with, good and bad. */
import { createBrowser } from '../sign-in/browser.ts';
import type { PolicyCase, PolicyCredential, PolicyWorld } from '../policy-cases.ts';
import type { RunningGate } from '../running-gate.ts';

interface Presented {
  readonly headers: Record<string, string>;
  readonly query: string;
}

export interface Credentials {
  readonly tokens: ReadonlyMap<string, string>;
  /** Headers and query token of a case. */
  present(each: PolicyCase): Presented;
  readonly secrets: ReadonlySet<string>;
}

/** Expected in every log to be absent: cases send these where a token, a cookie or a value of a body goes. */
const PLANTED = 'planted-secret';

/**
 * Adds the people. The editor also gets the tokens that are not good and a browser that is signed in, the assistant a
 * token narrowed to `role:temporary`.
 */
export async function openCredentials(gate: RunningGate, { people }: PolicyWorld): Promise<Credentials> {
  const tokens = new Map<string, string>();
  for (const [name, roles] of Object.entries(people)) tokens.set(name, await gate.person(name, ...roles));
  const issue = async (body: object, name = 'the-editor'): Promise<{ id: string; token: string }> => {
    const issued = await gate.admin('POST', `/users/${name}/tokens`, body);
    if (issued.status !== 201) throw new Error(`no token: ${JSON.stringify(issued.body)}`);
    return issued.body;
  };
  const narrowed = (await issue({ roles: ['temporary'] }, 'the-assistant')).token;
  const admin = (await issue({ audience: 'admin' })).token;
  const expiring = await issue({ expires_at: new Date(Date.now() + 1500).toISOString() });
  const revoked = await issue({});
  await gate.admin('DELETE', `/users/the-editor/tokens/${revoked.id}`);
  const signedIn = createBrowser(gate.url);
  const link = new URL(await gate.link('the-editor'));
  await signedIn.get(link.pathname + link.search);
  await signedIn.post(link.pathname + link.search);
  const guest = createBrowser(gate.url);
  await guest.get('/gate/login');
  await expired(gate, expiring.token);

  const cookieHeaders = (each: PolicyCase): Record<string, string> => {
    const { cookies } = each.who === 'anonymous' ? guest : signedIn;
    if (each.who !== 'anonymous' && each.who !== 'the-editor')
      throw new Error('only the editor has a browser');
    const xsrf = each.by === 'cookie with a made-up _xsrf' ? PLANTED : (cookies.get('_xsrf') ?? '');
    const origin = each.by === 'cookie with another Origin' ? 'http://evil.example' : gate.url;
    return {
      cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
      ...(each.by === 'cookie without _xsrf' ? {} : { 'x-xsrftoken': xsrf }),
      ...(each.by === 'cookie without Origin' ? {} : { origin }),
    };
  };
  const bearer = (token: string): Presented => ({ headers: { authorization: `Bearer ${token}` }, query: '' });
  const madeUp = [...signedIn.cookies.keys()].map((name) => `${name}=${PLANTED}`).join('; ');
  const fixed: Partial<Record<PolicyCredential, Presented>> = {
    'narrowed token': bearer(narrowed),
    'admin token': bearer(admin),
    'expired token': bearer(expiring.token),
    'revoked token': bearer(revoked.token),
    'made-up token': bearer(PLANTED),
    'other scheme': { headers: { authorization: `Basic ${PLANTED}` }, query: '' },
    'made-up cookie': { headers: { cookie: madeUp, origin: gate.url, 'x-xsrftoken': PLANTED }, query: '' },
    none: { headers: {}, query: '' },
  };
  return {
    tokens,
    secrets: new Set([
      ...tokens.values(),
      narrowed,
      admin,
      expiring.token,
      revoked.token,
      PLANTED,
      ...signedIn.cookies.values(),
      ...guest.cookies.values(),
      link.searchParams.get('link') ?? PLANTED,
    ]),
    present(each) {
      const own = tokens.get(each.who) ?? '';
      if (each.by === 'token') return bearer(own);
      if (each.by === 'query token') return { headers: {}, query: own };
      return fixed[each.by] ?? { headers: cookieHeaders(each), query: '' };
    },
  };
}

async function expired(gate: RunningGate, token: string): Promise<void> {
  const end = Date.now() + 30_000;
  while ((await gate.as(token, 'GET', '/api')).status !== 401) {
    if (Date.now() > end) throw new Error('the token did not expire');
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

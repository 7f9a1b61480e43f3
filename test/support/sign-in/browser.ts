/** A browser as far as cookies and forms go: keeps cookies by name, sends Origin on POST, follows no redirect by itself. */

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** `Set-Cookie` values of this reply. */
  readonly setCookies: readonly string[];
}

export interface Browser {
  readonly cookies: Map<string, string>;
  get(path: string, headers?: Record<string, string>): Promise<Reply>;
  /** Fills the form's `_xsrf` from the cookie unless told otherwise; a header of `null` is left out. */
  post(path: string, form?: Record<string, string>, headers?: Record<string, string | null>): Promise<Reply>;
}

export function createBrowser(origin: string): Browser {
  const cookies = new Map<string, string>();

  async function send(path: string, extra: Record<string, string>, init: RequestInit = {}): Promise<Reply> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { accept: 'text/html,*/*;q=0.8', ...(cookie === '' ? {} : { cookie }), ...extra };
    const response = await fetch(origin + path, { ...init, headers, redirect: 'manual' });
    const setCookies = response.headers.getSetCookie();
    for (const line of setCookies) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', value = ''] = pair.split('=');
      if (attributes.includes('Max-Age=0')) cookies.delete(name);
      else cookies.set(name, value);
    }
    return { status: response.status, headers: response.headers, text: await response.text(), setCookies };
  }

  return {
    cookies,
    get: (path, headers = {}) => send(path, headers),
    post(path, form = {}, headers = {}) {
      const body = new URLSearchParams({ _xsrf: cookies.get('_xsrf') ?? '', ...form }).toString();
      const all = { origin, 'content-type': 'application/x-www-form-urlencoded', ...headers };
      const kept = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
      return send(path, Object.fromEntries(kept), { method: 'POST', body });
    },
  };
}

/** The code a page shows. */
export function codeOn(reply: Reply): string | undefined {
  return /<code>([A-Z_]+)<\/code>/.exec(reply.text)?.[1];
}

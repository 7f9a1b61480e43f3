/** A browser that nobody signed in with: it keeps its cookies and sends Origin and `_xsrf` as JupyterLab does. */

export type GuestBrowser = (method: string, path: string, body?: unknown) => Promise<Response>;

/** Opens the start page once, to get its cookies. */
export async function guestBrowser(url: string): Promise<GuestBrowser> {
  const cookies = new Map<string, string>();
  const keep = (response: Response): Response => {
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    return response;
  };
  const ask: GuestBrowser = async (method, path, body) =>
    keep(
      await fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          origin: url,
          cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
          'x-xsrftoken': cookies.get('_xsrf') ?? '',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    );
  await ask('GET', '/api/me');
  return ask;
}

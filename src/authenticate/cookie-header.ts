/** Reading `Cookie` and writing `Set-Cookie` (RFC 6265, 4.1 and 4.2). */

export interface CookieOptions {
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: 'Lax' | 'Strict';
  /** Seconds; undefined lasts until the browser closes. */
  readonly maxAge?: number | undefined;
}

/** Every value sent under `name`, without repetitions. Several stand for cookies of several paths or domains. */
export function cookieValues(header: string | undefined, name: string): readonly string[] {
  if (header?.includes(name) !== true) return [];
  const values = new Set<string>();
  for (const pair of header.split(';')) {
    const cut = pair.indexOf('=');
    if (cut > 0 && pair.slice(0, cut).trim() === name) values.add(pair.slice(cut + 1).trim());
  }
  return [...values];
}

/** One `Set-Cookie` value. `value` must hold only characters that need no quoting. */
export function setCookie(name: string, value: string, options: CookieOptions): string {
  const parts = [`${name}=${value}`, `Path=${options.path}`];
  if (options.maxAge !== undefined) parts.push(`Max-Age=${Math.max(0, Math.floor(options.maxAge))}`);
  if (options.secure) parts.push('Secure');
  if (options.httpOnly) parts.push('HttpOnly');
  parts.push(`SameSite=${options.sameSite}`);
  return parts.join('; ');
}

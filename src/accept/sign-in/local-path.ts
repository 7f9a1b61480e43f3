/** Where to go after signing in: a page of this gate, and nowhere else. */

// Browsers drop tabs and line ends inside an address and read a backslash as a slash: `/\t/evil` leaves the site.
const PRINTABLE = /^[!-[\]-~\u0080-\u{10ffff}]+$/u;
const SIGN_IN_PAGES = /^(?:gate\/(?:login|logout)|login|logout)(?:[?#]|$)/;

/**
 * `next` as a path below `baseUrl`, percent-encoded; `baseUrl` itself when it is missing, leads elsewhere, or back to
 * a sign-in page.
 */
export function localPath(next: string | undefined, baseUrl: string): string {
  if (next === undefined || !PRINTABLE.test(next) || !next.startsWith('/') || next.startsWith('//'))
    return baseUrl;
  if (!URL.canParse(next, 'http://gate.invalid')) return baseUrl;
  const { origin, pathname, search, hash } = new URL(next, 'http://gate.invalid');
  // Checked again after dot segments are resolved: `/..//evil` becomes `//evil`.
  const isOurs =
    origin === 'http://gate.invalid' && pathname.startsWith(baseUrl) && !pathname.startsWith('//');
  const local = pathname + search + hash;
  return isOurs && !SIGN_IN_PAGES.test(local.slice(baseUrl.length)) ? local : baseUrl;
}

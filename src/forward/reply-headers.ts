/** What comes back from upstream: its headers without anything that speaks for the gate's whole origin. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Headers } from '../core/http.ts';
import { endsHere } from './connection-headers.ts';

/** A name ending in `-` stands for all that begin with it. */
export const STRIPPED_FROM_REPLIES: readonly (readonly [name: string, reason: string])[] = [
  [
    'set-cookie',
    'a Jupyter login cookie is a full credential, and its `_xsrf` would collide with that of the gate',
  ],
  ['set-cookie2', 'the same, obsolete'],
  ['access-control-', 'with a token Jupyter reflects any Origin, which would open the gate to every site'],
  ['server', 'names versions to whoever asks'],
  ['x-powered-by', 'names versions to whoever asks'],
  ['www-authenticate', 'asks for the credentials of upstream'],
  ['proxy-', 'meant for the gate'],
  ['alt-svc', 'would lead browsers around the gate'],
  ['strict-transport-security', 'speaks for the whole host; the operator of the gate decides that'],
  ['clear-site-data', 'would sign the person out of the gate'],
  ['service-worker-allowed', 'would let a served file control the whole origin'],
  ['nel', 'speaks for the whole origin'],
  ['x-accel-', 'a web server in front of the gate would act on it'],
  ['x-sendfile', 'a web server in front of the gate would act on it'],
  ['x-lighttpd-', 'a web server in front of the gate would act on it'],
];

const STRIPPED_NAMES: ReadonlySet<string> = new Set(STRIPPED_FROM_REPLIES.map(([name]) => name));
const STRIPPED_PREFIXES = [...STRIPPED_NAMES].filter((name) => name.endsWith('-'));
// eslint-disable-next-line no-control-regex -- the point is to find them
const UNPRINTABLE = /[^\t\u0020-\u007e\u0080-\u00ff]/;

export interface ReplyContext {
  /** Origins that all mean the same server: upstream's own and the one the browser used. */
  readonly origins: readonly string[];
  /** Target that was asked, for relative redirects. */
  readonly target: string;
}

/** Cleans the headers of a reply. A `Location` survives as an origin-relative one, or not at all. */
export function replyHeaders(headers: IncomingHttpHeaders, context: ReplyContext): Headers {
  const ends = endsHere(headers);
  const isChunked = headers['transfer-encoding'] !== undefined;
  const out: Record<string, string | readonly string[]> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || ends(name) || isStripped(name)) continue;
    // A length beside chunks is not to be believed (RFC 9112 6.3), and the chunks end here.
    if (name === 'location' || (name === 'content-length' && isChunked)) continue;
    if (typeof value === 'string' ? UNPRINTABLE.test(value) : value.some((one) => UNPRINTABLE.test(one)))
      continue;
    out[name] = value;
  }
  const location = typeof headers.location === 'string' ? ownLocation(headers.location, context) : undefined;
  if (location !== undefined) out['location'] = location;
  return out;
}

/** `location` below the gate's own origin, without a token; `undefined` when it leads elsewhere. */
function ownLocation(location: string, { origins, target }: ReplyContext): string | undefined {
  const base = origins[0];
  if (base === undefined || !URL.canParse(location, base + target)) return undefined;
  const url = new URL(location, base + target);
  if (!origins.includes(url.origin)) return undefined;
  if (url.searchParams.has('token')) url.searchParams.delete('token');
  const relative = url.pathname + url.search + url.hash;
  // `//host` would be another origin again once the browser resolves it.
  return relative.startsWith('//') ? undefined : relative;
}

function isStripped(name: string): boolean {
  if (STRIPPED_NAMES.has(name)) return true;
  return name.includes('-') && STRIPPED_PREFIXES.some((prefix) => name.startsWith(prefix));
}

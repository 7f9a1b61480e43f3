/** What goes upstream: the client's headers without anything that proves, claims or steers, then the gate's own. */
import type { IncomingHttpHeaders } from 'node:http';
import type { ClientInfo } from '../core/http.ts';
import { endsHere } from './connection-headers.ts';
import type { UpstreamAddress } from './forwarder.ts';

/** A name, or how names begin, and why it does not go upstream. */
type Stripped = readonly (readonly [name: string, reason: string])[];

/** Headers of exactly these names. */
export const STRIPPED_NAMES: Stripped = [
  ['host', 'upstream answers to its own name only'],
  ['authorization', 'the credential of the person belongs to the gate'],
  ['cookie', 'the session belongs to the gate, and a Jupyter login cookie would be a full credential'],
  ['x-xsrftoken', 'the pair was checked here; a foreign half would break the one that is set'],
  ['x-csrftoken', 'the other name tornado reads the same value from'],
  ['forwarded', 'the same in the words of RFC 7239'],
  ['x-real-ip', 'tornado believes it with trust_xheaders'],
  ['x-scheme', 'tornado believes it with trust_xheaders'],
  ['x-client-ip', 'an address by another name'],
  ['true-client-ip', 'an address by another name'],
  ['cf-connecting-ip', 'an address by another name'],
  ['origin', 'checked here; upstream compares it with a Host it never saw'],
  ['referer', 'checked here, and it may hold a sign-in link'],
  ['x-rewrite-url', 'some servers route by it instead of by the target that was decided on'],
  ['x-method-override', 'some servers act on it instead of on the method that was decided on'],
];

/** All headers that begin like this. */
export const STRIPPED_PREFIXES: Stripped = [
  ['proxy-', 'credentials and hints for a proxy, which is us'],
  ['x-forwarded-', 'where the client is and who it is, set below from what the gate knows'],
  ['x-remote-', 'identity headers that applications behind a proxy believe'],
  ['remote-', 'the same without the prefix'],
  ['x-auth-', 'identity headers of authenticating proxies'],
  ['x-webauth-', 'identity headers of authenticating proxies'],
  ['x-original-', 'some servers route by it instead of by the target that was decided on'],
  ['sec-fetch-', 'about the way to the gate, not about the way on'],
  ['access-control-', 'there is no other origin behind the gate'],
  [
    'x-http-method',
    'some servers act on it, or its `-override`, instead of on the method that was decided on',
  ],
];

/** Would make upstream answer with less than the whole, or encoded, where the reply is to be rewritten. */
const PARTIAL: ReadonlySet<string> = new Set([
  'accept-encoding',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-range',
  'if-unmodified-since',
  'range',
]);

/** Any value passes as long as cookie and header agree; it guards nothing, the socket's permissions do. */
const XSRF = 'gate';

const NAMES: ReadonlySet<string> = new Set(STRIPPED_NAMES.map(([name]) => name));
const PREFIXES = STRIPPED_PREFIXES.map(([prefix]) => prefix);

export interface RequestContext {
  readonly address: UpstreamAddress;
  /** Left out for the gate's own look-ups. */
  readonly client?: ClientInfo | undefined;
  readonly subject?: string | undefined;
  readonly willRewrite?: boolean | undefined;
}

export type UpstreamHeaders = Record<string, string | string[]>;

/** The headers of an upstream request. Those that frame the body are left to who sends it. */
export function requestHeaders(headers: IncomingHttpHeaders, context: RequestContext): UpstreamHeaders {
  const ends = endsHere(headers);
  const out: UpstreamHeaders = {};
  for (const name in headers) {
    const value = headers[name];
    if (value === undefined || ends(name) || isStripped(name)) continue;
    if (context.willRewrite === true && PARTIAL.has(name)) continue;
    out[name] = value;
  }
  if (context.willRewrite === true) out['accept-encoding'] = 'identity';
  setOwnCredentials(out, context.address);
  setWhoAsks(out, context);
  return out;
}

/** Name the upstream is asked under: its authority, `localhost` on a Unix socket. */
export function upstreamHost(address: UpstreamAddress): string {
  return address.socketPath === undefined
    ? address.origin.slice(address.origin.indexOf('//') + 2)
    : 'localhost';
}

/** Underscores count as hyphens: CGI-like environments cannot tell them apart either. */
function isStripped(name: string): boolean {
  const plain = name.includes('_') ? name.replaceAll('_', '-') : name;
  if (NAMES.has(plain)) return true;
  return plain.includes('-') && PREFIXES.some((prefix) => plain.startsWith(prefix));
}

/**
 * With a token Jupyter asks for nothing else. Without one it wants an `_xsrf` pair on unsafe methods, and a Referer of
 * its own host on `/files` and `/nbconvert` (jupyter_server `check_xsrf_cookie`, `check_referer`).
 */
function setOwnCredentials(out: UpstreamHeaders, address: UpstreamAddress): void {
  const host = upstreamHost(address);
  out['host'] = host;
  if (address.token !== undefined && address.token !== '') {
    out['authorization'] = `token ${address.token}`;
    return;
  }
  out['cookie'] = `_xsrf=${XSRF}`;
  out['x-xsrftoken'] = XSRF;
  out['referer'] = `http://${host}/`;
}

function setWhoAsks(out: UpstreamHeaders, { client, subject }: RequestContext): void {
  if (client !== undefined) {
    out['x-forwarded-for'] = client.address;
    out['x-forwarded-proto'] = client.secure ? 'https' : 'http';
    out['x-forwarded-host'] = client.host;
  }
  if (subject !== undefined) out['x-forwarded-user'] = subject;
}

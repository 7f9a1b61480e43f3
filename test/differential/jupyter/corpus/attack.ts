/** One request of the corpus, written so that each character is one byte on the wire. */

export interface Attack {
  readonly method: string;
  /** As it stands in the request line. `{kernel}`, `{session}`, `{terminal}` and `{host}` are put in when it is sent. */
  readonly target: string;
  /** Further header lines. */
  readonly headers?: readonly string[];
  readonly body?: string;
  /** How the length of the body is told; by `Content-Length` when left out. */
  readonly framing?: 'chunked' | 'untold';
  /** Asks for a WebSocket. */
  readonly socket?: true;
  /** What somebody with ada's rights may ask for, as a frontend would write it: it must not be refused. */
  readonly ordinary?: true;
  /** Would end or rebuild the server, or is one of many that take seconds: not sent past the gate. */
  readonly spared?: true;
}

/** A line of text as its bytes in UTF-8. */
export function utf8(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

/** What stands between white space. */
export function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}

/** Each segment encoded as browsers and frontends do. */
export function encoded(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

export const JSON_TYPE = 'Content-Type: application/json';

/** A request with this JSON text, which need not be JSON. */
export function withJson(method: string, target: string, body: string, type = JSON_TYPE): Attack {
  return { method, target, headers: [type], body: utf8(body) };
}

/** The same for a value. */
export function sending(method: string, target: string, value: unknown): Attack {
  return withJson(method, target, JSON.stringify(value));
}

export function get(target: string): Attack {
  return { method: 'GET', target };
}

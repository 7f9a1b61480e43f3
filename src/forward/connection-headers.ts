/** Headers that belong to one connection and are never passed on, in either direction (RFC 9110 7.6.1). */
import type { IncomingHttpHeaders } from 'node:http';

/** `Expect` is here because the gate answers it itself; undici refuses the ones it writes on its own. */
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'expect',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

const isHopByHop = (name: string): boolean => HOP_BY_HOP.has(name);

/** Says of a header name in lower case whether it ends here: by its name, or because `Connection` names it. */
export function endsHere(headers: IncomingHttpHeaders): (name: string) => boolean {
  if (headers.connection === undefined || headers.connection === 'keep-alive') return isHopByHop;
  const named = new Set<string>();
  // Several `connection` lines arrive as a list from upstream, whatever the type says.
  for (const value of [headers.connection ?? ''].flat()) {
    for (const token of value.split(',')) named.add(token.trim().toLowerCase());
  }
  return (name) => HOP_BY_HOP.has(name) || named.has(name);
}

/** Where the client is: what the socket says, corrected by proxies in front of us as far as they are trusted. */
import type { IncomingMessage } from 'node:http';
import type { TLSSocket } from 'node:tls';
import ipaddr from 'ipaddr.js';
import { AppError } from '../../core/errors.ts';
import type { ClientInfo } from '../../core/http.ts';
import { remember } from '../../core/remember.ts';

type Address = ReturnType<typeof ipaddr.process>;
/** Who is at the other end of the connection. */
interface Peer {
  readonly address: Address | undefined;
  readonly text: string;
  readonly isTrusted: boolean;
}
type Range = ReturnType<typeof ipaddr.parseCIDR>;

/** Name or address with an optional port: nothing that a URL would read as an account, a path or a scheme. */
const AUTHORITY = /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/;

/**
 * Gives the function that says where a client is. `trustedProxies` are addresses or CIDR ranges; only a peer in one of
 * them is listened to. The function throws `HEADERS_INVALID` for a host or scheme that is none; the factory throws
 * `CONFIG_INVALID`. The `Forwarded` header of RFC 7239 is not read.
 */
export function createClientOf(trustedProxies: readonly string[]): (request: IncomingMessage) => ClientInfo {
  const ranges = trustedProxies.map(parseRange);
  const trusted = (address: Address): boolean => ranges.some((range) => isWithin(address, range));

  const peerOf = remember((text): Peer => {
    const address = parseAddress(text);
    return { address, text: address?.toString() ?? '', isTrusted: address !== undefined && trusted(address) };
  });
  const secureOrigin = remember((host) => originOf(host, true));
  const plainOrigin = remember((host) => originOf(host, false));

  return ({ headers, socket }) => {
    const peer = peerOf(socket.remoteAddress ?? '');
    const believed = peer.isTrusted;
    const scheme = believed ? nearest(headers['x-forwarded-proto']) : undefined;
    const host = (believed ? nearest(headers['x-forwarded-host']) : undefined) ?? headers.host ?? '';
    const secure =
      scheme === undefined ? (socket as Partial<TLSSocket>).encrypted === true : isSecure(scheme);
    const address = believed ? clientAddress(peer.address, headers['x-forwarded-for'], trusted) : undefined;
    const { origin, host: name } = secure ? secureOrigin(host) : plainOrigin(host);
    return { address: address?.toString() ?? peer.text, secure, origin, host: name };
  };
}

/** Goes from the peer outwards and stops at the first address nobody vouches for; what stands before it may be forged. */
function clientAddress(
  peer: Address | undefined,
  header: string | string[] | undefined,
  trusted: (address: Address) => boolean,
): Address | undefined {
  let client = peer;
  for (const entry of listOf(header).toReversed()) {
    const next = parseAddress(entry);
    if (next === undefined) return client;
    client = next;
    if (!trusted(next)) return client;
  }
  return client;
}

/** What the proxy next to us wrote: the last value. */
function nearest(header: string | string[] | undefined): string | undefined {
  return listOf(header).at(-1);
}

function listOf(header: string | string[] | undefined): string[] {
  return [header ?? '']
    .flat()
    .flatMap((value) => value.split(','))
    .map((value) => value.trim())
    .filter((value) => value !== '');
}

function isSecure(scheme: string): boolean {
  const name = scheme.toLowerCase();
  if (name === 'https' || name === 'http') return name === 'https';
  throw new AppError('HEADERS_INVALID', { detail: 'expected `http` or `https` in `X-Forwarded-Proto`' });
}

function originOf(host: string, secure: boolean): { readonly origin: string; readonly host: string } {
  const url = `${secure ? 'https' : 'http'}://${host}`;
  if (!AUTHORITY.test(host) || !URL.canParse(url)) {
    throw new AppError('HEADERS_INVALID', {
      detail: `expected a host name, received ${JSON.stringify(host.slice(0, 80))}`,
    });
  }
  const parsed = new URL(url);
  return { origin: parsed.origin, host: parsed.host };
}

/** An address with or without a port; an IPv4 address in IPv6 clothes is IPv4. */
function parseAddress(text: string): Address | undefined {
  const bare = /^\[(.+)\](?::\d+)?$/.exec(text)?.[1] ?? /^([0-9.]+):\d+$/.exec(text)?.[1] ?? text;
  return ipaddr.IPv4.isValidFourPartDecimal(bare) || ipaddr.IPv6.isValid(bare)
    ? ipaddr.process(bare)
    : undefined;
}

function parseRange(text: string): Range {
  try {
    if (text.includes('/')) return ipaddr.parseCIDR(text);
    const address = ipaddr.process(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  } catch (cause) {
    throw new AppError('CONFIG_INVALID', {
      detail: `\`trusted-proxies\`: expected an address or a CIDR range, received \`${text}\``,
      cause,
    });
  }
}

function isWithin(address: Address, [base, bits]: Range): boolean {
  return address.kind() === base.kind() && address.match(base, bits);
}

/** `ipMatch(ip, range)`: whether an address lies in a network; IPv4, IPv6 and IPv4 written as IPv6 are told apart by value. */
import ipaddr from 'ipaddr.js';
import { createBoundedCache } from '../bounded-cache.ts';
import { spend } from '../effort.ts';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

const STEPS_OF_CALL = 15;
/** Ranges are read when rules are checked, so that a question finds them here. */
const ranges = createReader(4096, parseRange);
const addresses = createReader(64, parseAddress);

/** `range` is one address or CIDR. Throws a `TypeError` when `address` or `range` cannot be read. */
export function ipMatch(address: string, range: string): boolean {
  spend(STEPS_OF_CALL);
  const network = ranges.get(range);
  const asked = addresses.get(address);
  if (asked === undefined)
    throw new TypeError(`expected an IP address, received \`${address.slice(0, 60)}\``);
  if (network === undefined)
    throw new TypeError(`expected an address or CIDR, received \`${range.slice(0, 60)}\``);
  return asked.kind() === network.base.kind() && asked.match(network.base, network.bits);
}

/** Reason why `range` is not an address or CIDR, or `undefined`. */
export function checkRange(range: string): string | undefined {
  return ranges.get(range) === undefined
    ? 'expected an address or CIDR such as `10.0.0.0/8` or `2001:db8::/32`'
    : undefined;
}

/** `read`, which remembers what it read last; what could not be read too. */
function createReader<T>(limit: number, read: (text: string) => T | undefined) {
  const known = createBoundedCache<{ readonly value: T | undefined }>(limit);
  return {
    get(text: string): T | undefined {
      const found = known.get(text);
      if (found !== undefined) return found.value;
      const value = read(text);
      known.set(text, { value });
      return value;
    },
  };
}

/** ipaddr.js also reads octal, hexadecimal and short forms; those are refused, because others read them differently. */
function parseAddress(text: string): Address | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined;
  const address = ipaddr.IPv6.parse(text);
  return address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

function parseRange(text: string): { readonly base: Address; readonly bits: number } | undefined {
  const slash = text.indexOf('/');
  const host = slash === -1 ? text : text.slice(0, slash);
  const base = parseAddress(host);
  if (base === undefined) return undefined;
  const mapped = base.kind() === 'ipv4' && host.includes(':');
  const full = base.kind() === 'ipv4' ? 32 : 128;
  if (slash === -1) return { base, bits: full };
  const suffix = text.slice(slash + 1);
  if (!/^(?:0|[1-9]\d{0,2})$/.test(suffix)) return undefined;
  const bits = Number(suffix) - (mapped ? 96 : 0);
  return bits >= 0 && bits <= full ? { base, bits } : undefined;
}

/** The admin listener's own Host and Origin check: no other site may speak to it through somebody's browser. */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../core/errors.ts';

const LOOPBACK_NAMES = ['localhost', '127.0.0.1', '[::1]'];

export interface OwnAddress {
  /** What the listener was told to listen on. */
  readonly host: string;
  /** Further names it is reached by, e.g. of a service in a cluster; with `:PORT` where that is not the listener's own. */
  readonly names: readonly string[];
}

/**
 * Throws `HOST_UNKNOWN` unless Host is the listener's own address (or a loopback name) with its port: a name that was
 * rebound to this machine never is. Throws `ORIGIN_MISMATCH` for an Origin other than that very address.
 */
export function checkOrigin(request: IncomingMessage, own: OwnAddress): void {
  const { host, origin } = request.headers;
  const { localAddress = '', localPort = 0 } = request.socket;
  const names = [...LOOPBACK_NAMES, own.host, unmapped(localAddress)];
  const received = host?.toLowerCase();
  const known = [
    ...names.flatMap((name) => authorities(name, localPort)),
    ...own.names.flatMap((name) => authorities(...splitPort(name, localPort))),
  ];
  if (received === undefined || !known.includes(received)) {
    throw new AppError('HOST_UNKNOWN', {
      detail: `received \`${host ?? ''}\` on the admin listener, to which \`--admin-name\` adds names`,
    });
  }
  if (origin !== undefined && origin.toLowerCase() !== `http://${received}`) {
    throw new AppError('ORIGIN_MISMATCH', {
      detail: `expected \`http://${received}\`, received \`${origin}\``,
    });
  }
}

/** The address of the client or of this end, an IPv4 one as such. */
export function unmapped(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address;
}

function splitPort(name: string, otherwise: number): [name: string, port: number] {
  const [, host = name, port] = /^([^:]+):(\d+)$/.exec(name) ?? [];
  return [host, port === undefined ? otherwise : Number(port)];
}

/** How a client writes `name` with `port`: port 80 may be left out (RFC 9110, 4.2.3). */
function authorities(name: string, port: number): string[] {
  const bare = name.toLowerCase();
  const host = bare.includes(':') && !bare.startsWith('[') ? `[${bare}]` : bare;
  return port === 80 ? [host, `${host}:80`] : [`${host}:${port}`];
}

/** The head that completes a client's handshake. */
import type { IncomingMessage } from 'node:http';
import { responseHead } from '../core/answer.ts';

/** All that a browser needs of it; above all no `Set-Cookie`, which Jupyter sends with a 101 too. */
const KEPT = ['sec-websocket-accept', 'sec-websocket-protocol'] as const;

/** Made from upstream's answer to the client's own key. */
export function handshakeHead({ headers }: IncomingMessage): string {
  const kept: Record<string, string> = { connection: 'Upgrade', upgrade: 'websocket' };
  for (const name of KEPT) {
    const value = headers[name];
    if (typeof value === 'string') kept[name] = value;
  }
  return responseHead(101, kept);
}

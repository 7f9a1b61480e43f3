/** The rows of the bench, in the order in which they are shown. */
import type { Row } from '../support/row.ts';
import { adminGrant } from './admin-grant.ts';
import { idleSockets } from './idle-sockets.ts';
import { loading } from './load.ts';
import { proxiedGet } from './proxied-get.ts';
import { revocation } from './revocation.ts';
import { socketMessage } from './socket-message.ts';
import { start } from './start.ts';
import { transfer } from './transfer.ts';
import { verdict } from './verdict.ts';

export const ROWS: readonly Row[] = [
  verdict,
  loading,
  adminGrant,
  proxiedGet,
  transfer,
  socketMessage,
  idleSockets,
  start,
  revocation,
];

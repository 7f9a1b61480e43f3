/** What is wrong with the request itself. */
import type { ErrorRow } from './error-row.ts';

export const REQUEST_ERRORS = {
  PATH_INVALID: {
    status: 400,
    message: 'the path is not in canonical form',
    hint: 'send each segment percent-encoded once, without `.`, `..`, backslash or control characters',
  },
  TARGET_INVALID: {
    status: 400,
    message: 'the request target is not acceptable',
    hint: 'send an origin-form target (`/path?query`) in ASCII',
  },
  BODY_INVALID: {
    status: 400,
    message: 'the body is not what this route expects',
    hint: 'send one JSON document with the fields of this route',
  },
  BODY_CONSUMED: {
    status: 500,
    message: 'the application around the gate has read the body already',
    hint: 'its developer mounts the gate before every body parser',
  },
  BODY_TOO_LARGE: {
    status: 413,
    message: 'the body is larger than allowed',
    hint: 'send a smaller body, or in chunks',
  },
  BODY_UNSUPPORTED: {
    status: 415,
    message: 'the decision needs the body, and the body cannot be read',
    hint: 'send `Content-Type: application/json` without a content encoding',
  },
  HEADERS_INVALID: {
    status: 400,
    message: 'the headers are not acceptable',
    hint: 'send each header once, in ASCII',
  },
  UPGRADE_INVALID: {
    status: 400,
    message: 'only a GET can be upgraded, and only to `websocket`',
    hint: 'remove the `Upgrade` header, or open a WebSocket',
  },
  HOST_UNKNOWN: {
    status: 421,
    message: 'this gate does not answer for that host name',
    hint: 'open it under one of its `--public-url`s, or add this one',
  },
  ROUTE_UNKNOWN: {
    status: 403,
    message: 'this address is not one the gate knows, so it is refused',
    hint: 'an administrator can describe it under `routes` in gate.yaml',
  },
  METHOD_UNKNOWN: {
    status: 403,
    message: 'this method is not known for this address, so it is refused',
    hint: 'an administrator can describe it under `routes` in gate.yaml',
  },
  MESSAGE_INVALID: {
    status: 400,
    message: 'the kernel message cannot be read',
    hint: 'frame it as the subprotocol says, with exact offsets and JSON objects',
  },
  SESSION_ID_TAKEN: {
    status: 409,
    message: 'somebody else uses this `session_id` on this kernel',
    hint: 'choose a random one of your own',
  },
  OBJECT_FOREIGN: {
    status: 409,
    message: 'the Jupyter Server answered with a kernel or session that belongs to somebody else',
    hint: 'open the notebook again, or under another name',
  },
  SUBTREE_TOO_LARGE: {
    status: 422,
    message: 'the directory holds more than the gate can ask about one by one',
    hint: 'move, copy or delete it in parts',
  },
  NOT_FOUND: { status: 404, message: 'there is nothing here that you may see', hint: 'check the address' },
} as const satisfies Record<string, ErrorRow>;

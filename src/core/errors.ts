/**
 * One class and one table for everything that is refused or fails.
 * The table's text is public; `detail` says what was expected and received and is shown too; `cause` is for the log.
 * docs/errors.md is held equal to this table by a test.
 */

interface ErrorRow {
  readonly status: number;
  /** Public sentence: lower case, no final stop. */
  readonly message: string;
  /** What the reader can do about it. */
  readonly hint: string;
}

export const ERRORS = {
  // what was asked
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

  // who asked
  SIGN_IN_REQUIRED: { status: 401, message: 'nobody is signed in', hint: 'sign in, or send an API token' },
  TOKEN_INVALID: {
    status: 401,
    message: 'the API token is not valid',
    hint: 'it may have expired or been revoked: ask for a new one',
  },
  TOKEN_AUDIENCE: {
    status: 401,
    message: 'the API token was issued for the other listener',
    hint: 'issue a token with the audience that this listener wants',
  },
  CREDENTIALS_WRONG: { status: 401, message: 'name or password is wrong', hint: 'check both and try again' },
  LINK_INVALID: {
    status: 410,
    message: 'this sign-in link is not valid any more',
    hint: 'links work once and expire: ask for a new one',
  },
  INVITATION_INVALID: {
    status: 410,
    message: 'this invitation is not valid any more',
    hint: 'it has ended, was withdrawn or is used up: ask for a new one',
  },
  ORIGIN_MISMATCH: {
    status: 403,
    message: 'the request comes from another site',
    hint: 'open the gate under its public URL, or add yours with `--public-url`',
  },
  XSRF_MISMATCH: {
    status: 403,
    message: 'the request does not carry the `_xsrf` value of this browser',
    hint: 'reload the page and try again',
  },
  TOO_MANY_ATTEMPTS: { status: 429, message: 'too many attempts', hint: 'wait a minute and try again' },

  // the decision
  DENIED_BY_POLICY: {
    status: 403,
    message: 'no rule gives you the right to do this',
    hint: 'ask an administrator for a role that does',
  },
  DENIED_BY_RULE: {
    status: 403,
    message: 'a rule refuses this',
    hint: 'ask an administrator to change the rule',
  },
  DENIED_CONDITION_FAILED: {
    status: 403,
    message: 'the condition of a rule could not be evaluated, so this is refused',
    hint: 'an administrator finds the rule in the decision log',
  },
  DENIED_BY_HOOK: {
    status: 403,
    message: 'the application around the gate refuses this',
    hint: 'ask whoever runs it; the policy of the gate is not asked there',
  },
  DENIED_HOOK_FAILED: {
    status: 403,
    message: 'the application around the gate gave no answer, so this is refused',
    hint: 'an administrator finds what its `authorize` threw in the log',
  },
  DENIED_DISABLED: { status: 403, message: 'this account is disabled', hint: 'ask an administrator' },
  ACCESS_ENDED: {
    status: 403,
    message: 'the right to this ended while it was under way',
    hint: 'sign in again, or ask an administrator',
  },
  POLICY_STALE: {
    status: 503,
    message: 'the policy could not be confirmed for too long, so nothing is allowed',
    hint: 'an administrator must look at the database connection',
  },

  // behind the gate
  UPSTREAM_UNREACHABLE: {
    status: 502,
    message: 'the Jupyter Server does not answer',
    hint: 'it may be starting: try again in a moment',
  },
  UPSTREAM_FAILED: {
    status: 502,
    message: 'the Jupyter Server broke off or answered something unreadable',
    hint: 'try again; the log of the Jupyter Server says more',
  },
  UPSTREAM_TIMEOUT: {
    status: 504,
    message: 'the Jupyter Server took too long to answer',
    hint: 'try again in a moment',
  },
  UPSTREAM_ERROR_PAGE: {
    status: 502,
    message: 'the Jupyter Server could not answer this',
    hint: 'check the address; the log of the Jupyter Server says more',
  },
  CLIENT_GONE: {
    status: 499,
    message: 'the client went away before the answer was complete',
    hint: 'nothing needs to be done; nobody is there to read this',
  },
  STOPPING: { status: 503, message: 'the gate is stopping', hint: 'try again in a moment' },
  OVERLOADED: { status: 503, message: 'the gate is busy', hint: 'try again in a moment' },
  STORE_UNAVAILABLE: {
    status: 503,
    message: 'the database does not answer, so nothing can be changed',
    hint: 'try again in a moment',
  },
  INTERNAL: {
    status: 500,
    message: 'something went wrong in the gate',
    hint: 'the log of the gate says more',
  },

  // administration
  INPUT_INVALID: {
    status: 422,
    message: 'the input is not valid',
    hint: 'correct the fields that are listed',
  },
  NAME_INVALID: {
    status: 422,
    message: 'the name is not acceptable',
    hint: 'use a-z, 0-9, `.`, `_`, `@`, `+` and `-`, beginning with a letter or digit, at most 64 characters',
  },
  NAME_TAKEN: { status: 409, message: 'the name is taken', hint: 'choose another' },
  NAME_RETIRED: {
    status: 409,
    message: 'the name belonged to somebody who was removed',
    hint: 'choose another; removed names are not given again',
  },
  USER_UNKNOWN: {
    status: 404,
    message: 'there is no such user',
    hint: '`jupyter-gate user list` shows who there is',
  },
  ROLE_UNKNOWN: {
    status: 404,
    message: 'there is no such role',
    hint: '`jupyter-gate role list` shows them',
  },
  PRESET_UNKNOWN: {
    status: 404,
    message: 'there is no such preset',
    hint: '`jupyter-gate preset list` shows them',
  },
  RULE_UNKNOWN: {
    status: 404,
    message: 'there is no such rule',
    hint: '`jupyter-gate rule list` shows them',
  },
  RULE_EXISTS: { status: 409, message: 'the same rule is there already', hint: 'nothing needs to be done' },
  GRANT_UNKNOWN: {
    status: 404,
    message: 'there is no such grant',
    hint: '`jupyter-gate user show NAME` shows them',
  },
  TOKEN_UNKNOWN: {
    status: 404,
    message: 'there is no such token',
    hint: '`jupyter-gate token list NAME` shows them',
  },
  LOCKOUT_UNKNOWN: {
    status: 404,
    message: 'there is no such lockout',
    hint: 'it may be over already: `jupyter-gate lockouts list` shows those there are',
  },
  CONNECTION_UNKNOWN: {
    status: 404,
    message: 'there is no such connection',
    hint: 'it may be closed already: `jupyter-gate connections list` shows what is open',
  },
  INVITATION_UNKNOWN: {
    status: 404,
    message: 'there is no such invitation',
    hint: '`jupyter-gate invitations list` shows them',
  },
  REQUEST_UNKNOWN: {
    status: 404,
    message: 'there is no such request for access',
    hint: '`jupyter-gate request list` shows them',
  },
  REQUEST_EXISTS: {
    status: 409,
    message: 'the same was asked for already',
    hint: 'nothing needs to be done; an administrator will answer',
  },
  REQUEST_DECIDED: {
    status: 409,
    message: 'this request is not open any more',
    hint: 'read it again: somebody has answered or withdrawn it, or it was open for too long',
  },
  REQUEST_OWN: {
    status: 403,
    message: 'nobody answers their own request',
    hint: 'ask another administrator',
  },
  REQUESTS_TOO_MANY: {
    status: 429,
    message: 'too many of your requests wait for an answer',
    hint: 'withdraw one, or wait until they are answered',
  },
  ROLE_CYCLE: {
    status: 422,
    message: 'the role would hold itself',
    hint: 'remove the grant that closes the circle',
  },
  ROLE_DEPTH: {
    status: 422,
    message: 'the chain of roles is deeper than 10',
    hint: 'Casbin follows ten links: grant the inner role directly',
  },
  MODEL_INVALID: {
    status: 422,
    message: 'the model is not valid',
    hint: 'correct the lines that are listed; a model that is in force stays',
  },
  MODEL_UNKNOWN: {
    status: 404,
    message: 'there is no such model version',
    hint: '`jupyter-gate model history` lists them',
  },
  CONDITION_INVALID: {
    status: 422,
    message: 'the condition is not allowed',
    hint: 'docs/policy.md lists what a condition may use',
  },
  LAST_ADMIN: {
    status: 409,
    message: 'nobody who may change the model would be left',
    hint: 'give another active user the role `admin` without an end first',
  },
  BEYOND_OWN_RIGHTS: {
    status: 403,
    message: 'that would give more than you hold',
    hint: 'ask an administrator who holds it',
  },
  PRECONDITION_FAILED: {
    status: 412,
    message: 'it was changed since you read it',
    hint: 'read it again and repeat the change',
  },
  API_ROUTE_UNKNOWN: {
    status: 404,
    message: 'there is no such address in the admin API',
    hint: 'see `/api/v1/openapi.json`',
  },
  API_METHOD_UNKNOWN: {
    status: 405,
    message: 'this address does not know that method',
    hint: 'see `/api/v1/openapi.json`',
  },

  // starting
  CONFIG_INVALID: { status: 500, message: 'the configuration is not valid', hint: 'see docs/config.md' },
  DATABASE_INVALID: {
    status: 500,
    message: 'the database cannot be used',
    hint: 'check `--database`; the file must be an SQLite database of the gate',
  },
  DATABASE_LOCKED: {
    status: 500,
    message: 'another gate uses this SQLite file',
    hint: 'stop it first; several gates on one policy need PostgreSQL',
  },
  PORT_IN_USE: {
    status: 500,
    message: 'the port is in use',
    hint: 'choose another with `--port` or `--admin-port`',
  },
  JUPYTER_MISSING: {
    status: 500,
    message: 'no Jupyter Server was found and none could be installed',
    hint: 'install one with `pip install jupyterlab nbclassic`, or name a running one with `--upstream URL`',
  },
  JUPYTER_SLOW: {
    status: 500,
    message: 'a Jupyter was found, but it did not tell its version in time',
    hint: 'start again when the machine has less to do, or name a running server with `--upstream URL`',
  },
  JUPYTER_FAILED: {
    status: 500,
    message: 'the Jupyter Server did not start',
    hint: 'its last lines are above',
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof ERRORS;

export interface FieldProblem {
  /** Where, e.g. `roles.0` or `line 12`. */
  readonly at: string;
  readonly message: string;
}

export interface ErrorContext {
  /** Said in place of the table's sentence; public. */
  readonly message?: string;
  /** What was expected and what was received; public. */
  readonly detail?: string;
  /** One entry for each field or line that is wrong; public. */
  readonly problems?: readonly FieldProblem[];
  /** Never shown, only logged. */
  readonly cause?: unknown;
}

/** The one error class. Anything else that is thrown is a defect and shown as `INTERNAL`. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly hint: string;
  readonly detail: string | undefined;
  readonly problems: readonly FieldProblem[];

  constructor(code: ErrorCode, context: ErrorContext = {}) {
    const row = ERRORS[code];
    super(context.message ?? row.message, context.cause === undefined ? undefined : { cause: context.cause });
    this.name = 'AppError';
    this.code = code;
    this.status = row.status;
    this.hint = row.hint;
    this.detail = context.detail;
    this.problems = context.problems ?? [];
  }
}

/** `error` itself when it is one of ours, otherwise `INTERNAL` with it as the cause. */
export function asAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('INTERNAL', { cause: error });
}

/** The sentence for a person: message, then detail. */
export function describeError(error: AppError): string {
  return error.detail === undefined ? error.message : `${error.message}: ${error.detail}`;
}

/** What administrators and their programs are refused. */
import type { ErrorRow } from './error-row.ts';

export const ADMINISTRATION_ERRORS = {
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
  GRANTS_TOO_MANY: {
    status: 422,
    message: 'there are too many grants to say in time who holds what',
    hint: 'grant roles that stand for several, or write rules for fewer roles',
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
} as const satisfies Record<string, ErrorRow>;

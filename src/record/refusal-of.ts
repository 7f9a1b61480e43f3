/** Which entries of the decision log are refusals, and what the audit keeps of them. */
import type { DecisionEntry } from '../core/entry.ts';
import { ERRORS } from '../core/error-table/error-table.ts';
import type { ErrorCode } from '../core/errors.ts';
import type { Refusal } from '../core/refusal.ts';

/** Below 500 and yet no refusal: somebody went away. */
const NO_REFUSALS: ReadonlySet<ErrorCode> = new Set(['CLIENT_GONE']);
/** Written down where the sign-in was refused, with more than the request says. */
const SIGN_INS: ReadonlySet<ErrorCode> = new Set(['CREDENTIALS_WRONG', 'LINK_INVALID', 'INVITATION_INVALID']);
const MOST_CHARACTERS = 1024;
const MOST_QUESTIONS = 8;

/** Whether the gate said no; what failed in it or behind it is in the log. */
export function isRefusal(code: ErrorCode): boolean {
  return (ERRORS[code].status < 500 && !NO_REFUSALS.has(code)) || code === 'POLICY_STALE';
}

/** Undefined for what was allowed or failed. */
export function refusalOf(entry: DecisionEntry): Refusal | undefined {
  const { code, method } = entry;
  if (code === 'ALLOWED' || !isRefusal(code) || (method === 'POST' && SIGN_INS.has(code))) return undefined;
  const { at, subject, address, route, res, act, path, also, rules, status, id, revision } = entry;
  return {
    at,
    subject,
    address,
    via: 'proxy',
    what: 'request.refused',
    target: path.slice(0, MOST_CHARACTERS),
    code,
    details: {
      request: id,
      method: method.slice(0, 32),
      route,
      act,
      res,
      also: also.slice(0, MOST_QUESTIONS).map((question) => question.slice(0, MOST_CHARACTERS)),
      rules,
      status,
    },
    revision: revision === 0 ? undefined : revision,
  };
}

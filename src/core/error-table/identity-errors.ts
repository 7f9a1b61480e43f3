/** Who asked, and how they show it. */
import type { ErrorRow } from './error-row.ts';

export const IDENTITY_ERRORS = {
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
} as const satisfies Record<string, ErrorRow>;

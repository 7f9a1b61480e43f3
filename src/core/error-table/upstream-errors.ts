/** What happens at the Jupyter Server, on the way there and back. */
import type { ErrorRow } from './error-row.ts';

export const UPSTREAM_ERRORS = {
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
} as const satisfies Record<string, ErrorRow>;

/** What the policy says, or cannot say. */
import type { ErrorRow } from './error-row.ts';

export const DECISION_ERRORS = {
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
  DENIED_TOO_COSTLY: {
    status: 403,
    message: 'the rules that may matter here take too long to evaluate, so this is refused',
    hint: 'an administrator finds who asked in the decision log: fewer rules and conditions for one role in one place',
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
} as const satisfies Record<string, ErrorRow>;

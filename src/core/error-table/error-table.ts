/** Everything that is refused or fails, by its code; docs/errors.md is made from it, and held equal by a test. */
import { ADMINISTRATION_ERRORS } from './administration-errors.ts';
import { DECISION_ERRORS } from './decision-errors.ts';
import { IDENTITY_ERRORS } from './identity-errors.ts';
import { REQUEST_ERRORS } from './request-errors.ts';
import { START_ERRORS } from './start-errors.ts';
import { UPSTREAM_ERRORS } from './upstream-errors.ts';
import type { ErrorRow } from './error-row.ts';

/** By the headings of docs/errors.md, in its order. */
export const ERROR_SECTIONS: Readonly<Record<string, Readonly<Record<string, ErrorRow>>>> = {
  'What was asked': REQUEST_ERRORS,
  'Who asked': IDENTITY_ERRORS,
  'The decision': DECISION_ERRORS,
  'Behind the gate': UPSTREAM_ERRORS,
  Administration: ADMINISTRATION_ERRORS,
  Starting: START_ERRORS,
};

/** A test sees to it that no code is in two of them. */
export const ERRORS = {
  ...REQUEST_ERRORS,
  ...IDENTITY_ERRORS,
  ...DECISION_ERRORS,
  ...UPSTREAM_ERRORS,
  ...ADMINISTRATION_ERRORS,
  ...START_ERRORS,
};

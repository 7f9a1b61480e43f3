/**
 * One class for everything that is refused or fails, with a row of the table. The table's text is public; `detail` says what
 * was expected and received and is shown too; `cause` is for the log.
 */
import { ERRORS } from './error-table/error-table.ts';

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

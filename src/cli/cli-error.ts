/** A failure told to the person at the terminal: what, why, how to go on. */
export class CliError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CliError';
    this.hint = hint;
  }
}

/** The command line was not understood: the exit code is 2. */
export class UsageError extends CliError {
  constructor(message: string, hint: string) {
    super(message, hint);
    this.name = 'UsageError';
  }
}

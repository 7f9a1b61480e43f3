/** A failure told to the person at the terminal: what, why, how to go on. */
export class CliError extends Error {
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'CliError';
    this.hint = hint;
  }
}

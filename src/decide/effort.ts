/**
 * What one verdict may take: whoever looks at rules, patterns or texts says so here, and is stopped when it becomes too
 * much. A verdict is given in one go, so that one account serves them all.
 */

/** Steps of about ten nanoseconds, more where memory is cold: well below a millisecond in all. */
export const VERDICT_STEPS = 60_000;
/** The same where Casbin walks all rules, which takes it ten milliseconds anyway. */
export const CASBIN_STEPS = 1_000_000;

const account = { isOpen: false, left: 0 };

/** Thrown when a verdict would take too long. */
export class TooMuchEffort extends Error {
  constructor() {
    super('the rules that may matter take too many steps');
    this.name = 'TooMuchEffort';
  }
}

/** Opens the account for a verdict; whoever does closes it, whatever happens. */
export function beginVerdict(steps: number): void {
  account.isOpen = true;
  account.left = steps;
}

/** Closes the account: until the next verdict anything may be looked at. */
export function endVerdict(): void {
  account.isOpen = false;
}

/** Takes steps off the account of the verdict that is being given, if one is. Throws `TooMuchEffort`. */
export function spend(steps: number): void {
  if (!account.isOpen) return;
  account.left -= steps;
  if (account.left < 0) throw new TooMuchEffort();
}

/** Names of people who come by an invitation: the one others see, as they typed it, and one made from it to sign in with. */
import { AppError } from '../../core/errors.ts';

const LONGEST = 60;
const LONGEST_STEM = 24;

/** The name as others see it. Throws `INPUT_INVALID` when nothing is left of it, or too much. */
export function displayNameOf(input: string): string {
  // Control, format and private characters: nothing that hides, reorders or imitates.
  const name = input
    .normalize('NFC')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  if (name !== '' && Array.from(name).length <= LONGEST) return name;
  const message = `expected a name of 1 to ${LONGEST} characters`;
  throw new AppError('INPUT_INVALID', { detail: message, problems: [{ at: 'display_name', message }] });
}

/** A user name that resembles `displayName`, told apart by `suffix`. */
export function nameFor(displayName: string, suffix: string): string {
  const stem = displayName
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, LONGEST_STEM);
  return `${stem === '' ? 'guest' : stem}-${suffix}`;
}

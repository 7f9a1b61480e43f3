/** What one person writes to another: one line of text that hides, reorders and imitates nothing. */
import { AppError } from '../../core/errors.ts';

const LONGEST = 500;

/** `input` on one line, without control and format characters. Throws `INPUT_INVALID` at `field` when it is too long. */
export function plainText(field: string, input: string): string {
  const text = input
    .normalize('NFC')
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim();
  if (Array.from(text).length > LONGEST) throw wrong(field, `expected at most ${LONGEST} characters`);
  return text;
}

/** The same, and something must be there. */
export function someText(field: string, input: string): string {
  const text = plainText(field, input);
  if (text === '') throw wrong(field, 'expected a few words');
  return text;
}

function wrong(at: string, message: string): AppError {
  return new AppError('INPUT_INVALID', { detail: `${at}: ${message}`, problems: [{ at, message }] });
}

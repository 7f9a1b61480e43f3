/** Where a person may ask for what they were refused, as refusals of every kind name it. */
import { NO_OWNER } from '../core/question.ts';
import type { Question } from '../core/question.ts';
import { askLink } from '../present/pages/access-form.ts';
import type { AskingContext } from './questions.ts';

/**
 * A whole address, so that frontends make a link of it. Undefined where a role would not help whoever asks: a guest, a token
 * that holds less than its owner, and what belongs to somebody else.
 */
export function askAddress(
  { act, res, path, own }: Question,
  { identity, client }: AskingContext,
  baseUrl: string,
): string | undefined {
  if (identity.roles !== null || identity.credential === 'none') return undefined;
  if (own !== NO_OWNER && own !== identity.subject) return undefined;
  return `${client.origin}${askLink(baseUrl, path === '' ? { act, res } : { act, res, path })}`;
}

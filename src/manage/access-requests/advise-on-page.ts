/** The gate's port to advice: what the page of a refusal may offer. */
import type { AdviseOnPage } from '../../core/access-advice.ts';
import { AppError } from '../../core/errors.ts';
import type { AskingDeps } from './asking-deps.ts';
import { wantedAt } from './wanted-access.ts';

/** A page is refused all the same when advice on it fails; `onFailure` hears of what is no refusal itself. */
export function createAdviseOnPage(
  { management, classifyUrl, adviser }: AskingDeps,
  onFailure: (error: unknown) => void,
): AdviseOnPage {
  return async (asker, address) => {
    try {
      return await adviser.advise(wantedAt(management, classifyUrl, { asker, address }));
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) onFailure(error);
      return undefined;
    }
  };
}

/** Asking for access: what its pages and the pages of refusals work with. */
import { createAttempts } from '../authenticate/attempts.ts';
import type { Classifier } from '../classify/classifier.ts';
import { createAccessAdviser } from '../manage/access-requests/access-adviser.ts';
import type { AskingDeps } from '../manage/access-requests/asking-deps.ts';
import { classifyUrl } from './classify-url.ts';
import type { Core } from './open-core.ts';

/** Requests of one person in ten minutes. */
const ASKS = 20;
const WINDOW = 600_000;

/** Undefined where an application around the gate decides: a role of the policy would change nothing there. */
export function openAsking(
  { policy, clock, decidesItself }: Core,
  classifier: Classifier,
): AskingDeps | undefined {
  if (!decidesItself) return undefined;
  const { management } = policy;
  return {
    management,
    classifyUrl: classifyUrl(classifier),
    adviser: createAccessAdviser(management),
    asks: createAttempts({ clock, limit: ASKS, window: WINDOW }),
  };
}

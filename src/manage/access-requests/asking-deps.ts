/** What asking for access works with. */
import type { Attempts } from '../../authenticate/attempts.ts';
import type { ClassifyUrl } from '../decisions/explain.ts';
import type { Management } from '../management.ts';
import type { AccessAdviser } from './access-adviser.ts';

export interface AskingDeps {
  readonly management: Management;
  readonly classifyUrl: ClassifyUrl;
  readonly adviser: AccessAdviser;
  /** How often one person asks. */
  readonly asks: Attempts;
}

/** Puts an earlier version of the model in force again, as a new version. */
import type { ModelRecord } from '../../core/policy.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { Written } from '../policy-writer.ts';
import { putModelText } from './model-edit.ts';
import { showModelVersion } from './show-model.ts';

/** The rules stay as they are. Throws `MODEL_UNKNOWN`, and what `putModel` throws. */
export async function restoreModel(
  management: Management,
  actor: Actor,
  version: number,
): Promise<Written<ModelRecord>> {
  const made = { source: 'restore', by: actor.subject, at: management.clock.now() };
  return management.writer.change(actor, { what: 'model.restore', target: String(version) }, async (tx) => {
    const { text } = await showModelVersion(tx, version);
    return putModelText(tx, { text }, made);
  });
}

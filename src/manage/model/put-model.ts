/** Puts a model in force, alone or with the rules that go with it, as one revision. */
import type { ModelRecord } from '../../core/policy.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { Written } from '../policy-writer.ts';
import { putModelText } from './model-edit.ts';
import type { ModelInput } from './model-edit.ts';

/**
 * The model in force stays when this throws: `MODEL_INVALID` with line and reason, or with the rules that would lose
 * a field, `CONDITION_INVALID`, `LAST_ADMIN`.
 */
export async function putModel(
  management: Management,
  actor: Actor,
  input: ModelInput,
): Promise<Written<ModelRecord>> {
  const made = { source: 'api', by: actor.subject, at: management.clock.now() };
  return management.writer.change(actor, { what: 'model.put', target: '' }, (tx) =>
    putModelText(tx, input, made),
  );
}

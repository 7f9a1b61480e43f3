/** Imports model.conf when it has changed since it was imported last. */
import type { ModelRecord } from '../../core/policy.ts';
import { gateActor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { Written } from '../policy-writer.ts';
import { modelHash, putModelText } from './model-edit.ts';

/** Where the state keeps the hash of the file as it was imported last. */
export const FILE_HASH = 'model.file.hash';

/**
 * Compares `text` with the last imported file, not with the model in force: what the API or a restore put in force
 * meanwhile stays until the file changes again. Undefined when there was nothing to import. The model in force stays
 * when this throws: `MODEL_INVALID`, `CONDITION_INVALID` or `LAST_ADMIN`.
 */
export async function importModelFile(
  management: Management,
  text: string,
): Promise<Written<ModelRecord> | undefined> {
  const hash = modelHash(text);
  const { state } = management.store.read;
  if ((await state.value(FILE_HASH)) === hash) return undefined;
  const made = { source: 'file', by: gateActor.subject, at: management.clock.now() };
  const written = await management.writer.change(
    gateActor,
    { what: 'model.import', target: '' },
    async (tx) => {
      const edited = await putModelText(tx, { text }, made);
      if (edited.changed) await tx.state.setValue(FILE_HASH, hash);
      return edited;
    },
  );
  // The file caught up with what is in force already: the edit was rolled back as a change without effect.
  if (!written.changed) await management.store.transaction((tx) => tx.state.setValue(FILE_HASH, hash));
  return written.changed ? written : undefined;
}

/** Fills an empty database: model, presets, and the user `admin`. */
import type { Repositories } from '../store/store.ts';
import { gateActor } from './actor.ts';
import { putGrant } from './grants/grant-role.ts';
import type { Management } from './management.ts';
import { FILE_HASH } from './model/import-model-file.ts';
import { modelHash, putModelText } from './model/model-edit.ts';
import { putPreset } from './presets/apply-preset.ts';
import { userView } from './views.ts';

export const FIRST_USER = 'admin';
const FIRST_ROLES = ['role:admin', 'role:full'];

/**
 * Fills the database when it is empty, in one revision, so that a start that is cut short leaves nothing half done. False
 * when it was filled before; nothing is touched then. Throws `MODEL_INVALID`.
 */
export async function firstStart(management: Management, modelText: string): Promise<boolean> {
  const note = { what: 'gate.first-start', target: FIRST_USER };
  const { changed } = await management.writer.change(gateActor, note, async (tx) => {
    if ((await tx.models.current()) !== undefined) return { result: undefined, changed: false };
    const after = await fill(management, tx, modelText);
    return { result: undefined, changed: true, after };
  });
  return changed;
}

async function fill(management: Management, tx: Repositories, modelText: string): Promise<unknown> {
  const at = management.clock.now();
  const made = { by: gateActor.subject, at };
  await putModelText(tx, { text: modelText }, { ...made, source: 'file' });
  await tx.state.setValue(FILE_HASH, modelHash(modelText));
  for (const preset of management.presets) await putPreset(tx, preset, made);
  const user = {
    name: FIRST_USER,
    displayName: 'Administrator',
    active: true,
    passwordHash: null,
    createdAt: at,
    removedAt: null,
  };
  await tx.users.insert(user);
  for (const role of FIRST_ROLES) await putGrant(tx, { subject: FIRST_USER, role }, made);
  return { ...userView(user), roles: FIRST_ROLES, presets: management.presets.map((preset) => preset.name) };
}

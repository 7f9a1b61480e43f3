/** Lists the presets, and whether each was applied. */
import { AppError } from '../../core/errors.ts';
import type { Preset } from '../../decide/presets.ts';
import type { Repositories } from '../../store/store.ts';
import type { Management } from '../management.ts';

export interface ShownPreset {
  readonly preset: Preset;
  /** Whether all of its roles are there. */
  readonly applied: boolean;
}

/** In the order of the data files. */
export async function listPresets(management: Management): Promise<readonly ShownPreset[]> {
  const shown: ShownPreset[] = [];
  for (const preset of management.presets) shown.push(await withState(management.store.read, preset));
  return shown;
}

/** Throws `PRESET_UNKNOWN`. */
export async function showPreset(management: Management, name: string): Promise<ShownPreset> {
  return withState(management.store.read, requirePreset(management.presets, name));
}

/** Throws `PRESET_UNKNOWN`. */
export function requirePreset(presets: readonly Preset[], name: string): Preset {
  const preset = presets.find((candidate) => candidate.name === name);
  if (preset !== undefined) return preset;
  const known = presets.map((candidate) => candidate.name).join(', ');
  throw new AppError('PRESET_UNKNOWN', { detail: `expected one of ${known}, received \`${name}\`` });
}

async function withState(repositories: Repositories, preset: Preset): Promise<ShownPreset> {
  const roles = await Promise.all(preset.roles.map((role) => repositories.roles.find(role.name)));
  return { preset, applied: roles.every((role) => role !== undefined) };
}

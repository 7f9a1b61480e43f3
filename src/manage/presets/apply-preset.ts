/** Puts a preset's roles and rules in force. */
import type { Repositories } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import { readAll } from '../page.ts';
import type { Written } from '../policy-writer.ts';
import { requirePreset } from './list-presets.ts';
import type { Preset } from './preset.ts';

export interface AppliedPreset {
  readonly preset: Preset;
  /** Rules that were not there. */
  readonly added: number;
  /** Rules of an earlier edition of the preset that it does not have any more. */
  readonly removed: number;
}

/** Idempotent; rules that people wrote stay. Throws `PRESET_UNKNOWN`, `MODEL_INVALID` or `BEYOND_OWN_RIGHTS`. */
export async function applyPreset(management: Management, actor: Actor, name: string): Promise<Written<AppliedPreset>> {
  const preset = requirePreset(management.presets, name);
  return management.writer.change(actor, { what: 'preset.apply', target: preset.name }, async (tx) => {
    const made = { by: actor.subject, at: management.clock.now() };
    const { roles, added, removed } = await putPreset(tx, preset, made);
    const after = { roles, rules_added: added, rules_removed: removed };
    return { result: { preset, added, removed }, changed: roles + added + removed > 0, after };
  });
}

/** The same inside a transaction that does more; answers how many roles and rules changed. */
export async function putPreset(
  tx: Repositories,
  preset: Preset,
  made: { readonly by: string; readonly at: number },
): Promise<{ readonly roles: number; readonly added: number; readonly removed: number }> {
  let roles = 0;
  for (const role of preset.roles) {
    if ((await tx.roles.find(role.name)) !== undefined) continue;
    await tx.roles.upsert({ ...role, preset: preset.name, createdAt: made.at });
    roles += 1;
  }
  const wanted = new Set<number>();
  let added = 0;
  for (const fields of preset.rules) {
    const existing = await tx.rules.findExact(fields);
    const rule = existing ?? (await tx.rules.insert({ fields, preset: preset.name, createdAt: made.at, createdBy: made.by }));
    if (existing === undefined) added += 1;
    wanted.add(rule.id);
  }
  const owned = await readAll((page) => tx.rules.list({ preset: preset.name }, page));
  const stale = owned.filter((rule) => !wanted.has(rule.id));
  for (const rule of stale) await tx.rules.remove(rule.id);
  return { roles, added, removed: stale.length };
}

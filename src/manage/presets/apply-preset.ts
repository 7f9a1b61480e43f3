/** Puts a preset's roles and rules in force. */
import type { RuleRecord } from '../../core/policy.ts';
import { checkRule } from '../../decide/check-rule.ts';
import { parseModel } from '../../decide/parse-model.ts';
import { presetRuleFields } from '../../decide/presets.ts';
import type { Preset } from '../../decide/presets.ts';
import type { Repositories } from '../../store/store.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import { showModel } from '../model/show-model.ts';
import { readAll } from '../page.ts';
import type { Written } from '../policy-writer.ts';
import { requirePreset } from './list-presets.ts';

export interface AppliedPreset {
  readonly preset: Preset;
  /** Rules that were not there. */
  readonly added: number;
  /** Rules of an earlier edition of the preset that it does not have any more. */
  readonly removed: number;
}

/** Idempotent; rules that people wrote stay. Throws `PRESET_UNKNOWN`, `MODEL_INVALID` or `BEYOND_OWN_RIGHTS`. */
export async function applyPreset(
  management: Management,
  actor: Actor,
  name: string,
): Promise<Written<AppliedPreset>> {
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
  for (const { name, description } of preset.roles) {
    if ((await tx.roles.find(name)) !== undefined) continue;
    await tx.roles.upsert({ name, description, preset: preset.name, createdAt: made.at });
    roles += 1;
  }
  const owned = await readAll((page) => tx.rules.list({ preset: preset.name }, page));
  const stale = new Map(owned.map((rule) => [canonical(rule.fields), rule.id]));
  const missing: Omit<RuleRecord, 'id'>[] = [];
  for (const fields of await storedRules(tx, preset)) {
    if (stale.delete(canonical(fields))) continue;
    // Somebody may have written the same rule by hand; it stays theirs.
    if ((await tx.rules.findExact(fields)) !== undefined) continue;
    missing.push({ fields, preset: preset.name, createdAt: made.at, createdBy: made.by });
  }
  await tx.rules.insertMany(missing);
  for (const id of stale.values()) await tx.rules.remove(id);
  return { roles, added: missing.length, removed: stale.size };
}

/** The preset's rules in the form they are stored in under the model in force, each once. */
async function storedRules(
  tx: Repositories,
  preset: Preset,
): Promise<Iterable<Readonly<Record<string, string>>>> {
  const model = parseModel((await showModel(tx)).text);
  const written = preset.roles.flatMap((role) => role.rules.map((rule) => presetRuleFields(role, rule)));
  const checked = written.map((fields) => checkRule(fields, model));
  return new Map(checked.map((fields) => [canonical(fields), fields])).values();
}

function canonical(fields: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

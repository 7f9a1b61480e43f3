/** Checks a model against the rules and grants there are, and stores nothing. */
import type { PolicyDocument, RuleRecord } from '../../core/policy.ts';
import type { Management } from '../management.ts';
import { parseModel } from '../../decide/parse-model.ts';
import { checkedRules, modelHash } from './model-edit.ts';
import type { ModelInput } from './model-edit.ts';
import { showModel } from './show-model.ts';

export interface CheckedModel {
  readonly hash: string;
  /** The fields its rules have, in its order. */
  readonly fields: readonly string[];
  /** How many rules it was checked with. */
  readonly rules: number;
}

/** Throws what `putModel` would, but `LAST_ADMIN`. */
export async function checkModel(management: Management, input: ModelInput): Promise<CheckedModel> {
  const current = await management.store.read.policy();
  const model = current?.model ?? (await showModel(management.store.read));
  const hash = modelHash(input.text);
  const rules =
    input.rules === undefined
      ? (current?.rules ?? [])
      : (await checkedRules(input.text, input.rules)).map(asRule);
  const document: PolicyDocument = {
    revision: current?.revision ?? 0,
    model: { ...model, text: input.text, hash },
    rules,
    grants: current?.grants ?? [],
  };
  await management.decider.build(document);
  return { hash, fields: parseModel(input.text).columns.map((column) => column.field), rules: rules.length };
}

function asRule(fields: Readonly<Record<string, string>>, index: number): RuleRecord {
  return { id: index + 1, fields, preset: null, createdAt: 0, createdBy: '' };
}

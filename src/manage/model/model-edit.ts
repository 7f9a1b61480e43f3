/** The edit behind everything that puts a model in force: API, restore, import of the file. */
import { createHash } from 'node:crypto';
import { AppError } from '../../core/errors.ts';
import { createTurns } from '../../core/next-turn.ts';
import type { FieldProblem } from '../../core/errors.ts';
import { createRuleCheck } from '../../decide/check-rule.ts';
import { parseModel } from '../../decide/parse-model.ts';
import type { ModelRecord } from '../../core/policy.ts';
import type { Repositories } from '../../store/store.ts';
import { readAll } from '../page.ts';
import type { Edited } from '../policy-writer.ts';
import { modelSummary } from '../views.ts';

export interface ModelInput {
  readonly text: string;
  /** Every rule there shall be, by field name; left out: the rules stay as they are. */
  readonly rules?: readonly Readonly<Record<string, string>>[] | undefined;
}

export interface MadeBy {
  /** `file`, `api`, `restore` or `default`. */
  readonly source: string;
  readonly by: string;
  readonly at: number;
}

/** SHA-256 of a model's text, hex. */
export function modelHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** Stores `input` as the version in force unless it is that already. */
export async function putModelText(
  tx: Repositories,
  input: ModelInput,
  made: MadeBy,
): Promise<Edited<ModelRecord>> {
  const current = await tx.models.current();
  const hash = modelHash(input.text);
  const rules =
    input.rules === undefined
      ? undefined
      : await replaceRules(tx, await checkedRules(input.text, input.rules), made);
  const isSame = current !== undefined && current.hash === hash;
  const model = isSame
    ? current
    : await tx.models.insert({
        text: input.text,
        hash,
        source: made.source,
        createdAt: made.at,
        createdBy: made.by,
      });
  return {
    result: model,
    changed: !isSame || (rules !== undefined && rules.added + rules.removed > 0),
    target: String(model.version),
    before: current === undefined ? null : modelSummary(current),
    after:
      rules === undefined
        ? modelSummary(model)
        : { ...modelSummary(model), rules_added: rules.added, rules_removed: rules.removed },
  };
}

/** The rules in the form they are stored in under the new model. Throws as `checkRule`, naming which one. */
export async function checkedRules(
  modelText: string,
  rules: readonly Readonly<Record<string, string>>[],
): Promise<Readonly<Record<string, string>>[]> {
  const check = createRuleCheck(parseModel(modelText));
  const problems: FieldProblem[] = [];
  const checked: Readonly<Record<string, string>>[] = [];
  const turns = createTurns();
  for (const [index, fields] of rules.entries()) {
    await turns();
    try {
      checked.push(check(fields));
    } catch (error) {
      const own = error instanceof AppError ? error.problems : [];
      problems.push(...own.map(({ at, message }) => ({ at: `rules.${index}.${at}`, message })));
    }
  }
  if (problems.length > 0) throw new AppError('INPUT_INVALID', { problems });
  return checked;
}

/** Rules that stay keep their ids and where they came from. */
async function replaceRules(
  tx: Repositories,
  wanted: readonly Readonly<Record<string, string>>[],
  made: MadeBy,
): Promise<{ readonly added: number; readonly removed: number }> {
  const kept = new Set<number>();
  const before = await readAll((page) => tx.rules.list({}, page));
  let added = 0;
  const turns = createTurns();
  for (const fields of wanted) {
    await turns();
    const existing = await tx.rules.findExact(fields);
    const rule =
      existing ?? (await tx.rules.insert({ fields, preset: null, createdAt: made.at, createdBy: made.by }));
    if (existing === undefined) added += 1;
    kept.add(rule.id);
  }
  const dropped = before.filter((rule) => !kept.has(rule.id));
  for (const rule of dropped) {
    await turns();
    await tx.rules.remove(rule.id);
  }
  return { added, removed: dropped.length };
}

/** Presets: named sets of roles and rules, kept as data files. They hold no rule that denies, so two roles add up. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import { QUESTION_FIELDS } from '../core/question.ts';
import { roleName } from '../core/names.ts';
import { checkLabels } from './check-rule.ts';
import { checkPathPattern } from './functions/path-pattern.ts';
import { createConditionReader } from './read-condition.ts';
import type { FieldProblem } from '../core/errors.ts';

export interface PresetRule {
  readonly res: string;
  readonly act: string;
  readonly path: string;
  readonly cond: string;
}

export interface PresetRole {
  /** With its prefix: `role:viewer`. */
  readonly name: string;
  readonly description: string;
  readonly rules: readonly PresetRule[];
}

export interface Preset {
  /** Also the name of its file. */
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly roles: readonly PresetRole[];
}

const text = z.string().trim().min(1);
const ruleSchema = z.strictObject({ res: text, act: text, path: z.string(), cond: text.default('true') });
const roleSchema = z.strictObject({ name: text, description: text, rules: z.array(ruleSchema).min(1) });
const presetSchema = z.strictObject({
  name: text,
  title: text,
  description: text,
  roles: z.array(roleSchema).min(1),
});

/** The presets of all `*.yaml` files in `directory`, by name. Throws `CONFIG_INVALID` with every problem there is. */
export function loadPresets(directory: string): readonly Preset[] {
  const problems: FieldProblem[] = [];
  const files = readdirSync(directory)
    .filter((file) => file.endsWith('.yaml'))
    .sort();
  const presets = files.flatMap((file) => loadPreset(directory, file, problems));
  if (problems.length > 0)
    throw new AppError('CONFIG_INVALID', { detail: 'a preset is not valid', problems });
  return presets;
}

/** The fields of a rule as it is stored when the preset is applied. */
export function presetRuleFields(role: PresetRole, rule: PresetRule): Record<string, string> {
  return {
    sub: role.name,
    srv: '*',
    res: rule.res,
    act: rule.act,
    path: rule.path,
    cond: rule.cond,
    eft: 'allow',
  };
}

function loadPreset(directory: string, file: string, problems: FieldProblem[]): Preset[] {
  const at = (path: string) => (path === '' ? file : `${file}: ${path}`);
  const parsed = presetSchema.safeParse(readYaml(join(directory, file), file, problems));
  if (!parsed.success) {
    problems.push(
      ...parsed.error.issues.map((issue) => ({ at: at(issue.path.join('.')), message: issue.message })),
    );
    return [];
  }
  const preset = parsed.data;
  if (`${preset.name}.yaml` !== file)
    problems.push({ at: at('name'), message: `expected the name of the file, received \`${preset.name}\`` });
  for (const [index, role] of preset.roles.entries()) {
    problems.push(
      ...roleProblems(role).map((problem) => ({ ...problem, at: at(`roles.${index}.${problem.at}`) })),
    );
  }
  return [preset];
}

function readYaml(path: string, file: string, problems: FieldProblem[]): unknown {
  try {
    return parse(readFileSync(path, 'utf8'));
  } catch (error) {
    problems.push({ at: file, message: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

function roleProblems(role: PresetRole): FieldProblem[] {
  const problems = isRoleName(role.name)
    ? []
    : [{ at: 'name', message: `expected \`role:NAME\`, received \`${role.name}\`` }];
  const request = Object.entries(QUESTION_FIELDS).map(([name, field]) => ({ name, field }));
  const readCondition = createConditionReader({ request });
  for (const [index, rule] of role.rules.entries()) {
    const reasons = [checkLabels('res', rule.res), checkLabels('act', rule.act), checkPathPattern(rule.path)];
    for (const message of [...reasons, ...readCondition(rule.cond).problems]) {
      if (message !== undefined) problems.push({ at: `rules.${index}`, message });
    }
  }
  return problems;
}

function isRoleName(name: string): boolean {
  try {
    return roleName(name) === name;
  } catch {
    return false;
  }
}

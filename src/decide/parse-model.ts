/** A model's text, read and checked for itself: sections, tokens, columns, effect and matcher. */
import { AppError } from '../core/errors.ts';
import { QUESTION_FIELDS } from '../core/question.ts';
import { checkExpression } from './check-expression.ts';
import { columnDefault, columnField, requestField } from './columns.ts';
import { EFFECT_TEXTS, findEffect } from './effects.ts';
import { shapeOf } from './model-shape.ts';
import { readConf, SECTIONS } from './read-conf.ts';
import type { FieldProblem } from '../core/errors.ts';
import type { CheckedExpression } from './check-expression.ts';
import type { PolicyColumn, RequestToken } from './columns.ts';
import type { Effect } from './effects.ts';
import type { Shape } from './model-shape.ts';
import type { Definition } from './read-conf.ts';

/** A model as the rest of decide works with it. */
export interface ParsedModel extends Shape {
  readonly request: readonly RequestToken[];
  /** Text of the role definition, such as `_, _, _`; `''` without roles. */
  readonly roles: string;
  /** Number of arguments of `g`; 0 without roles. */
  readonly roleArity: number;
  readonly effect: Effect;
  readonly effectText: string;
  readonly matcher: CheckedExpression;
  /** Line of each definition by its key. */
  readonly lines: Readonly<Record<string, number>>;
}

/** Reads `text`. Throws `MODEL_INVALID` with every problem and its line. */
export function parseModel(text: string): ParsedModel {
  const problems: FieldProblem[] = [];
  const model = readModel(text, problems);
  if (model === undefined || problems.length > 0) throw new AppError('MODEL_INVALID', { problems });
  return model;
}

/** As `parseModel`, but adds to `problems`; `undefined` when too much is missing to go on. */
export function readModel(text: string, problems: FieldProblem[]): ParsedModel | undefined {
  const found = new Map(
    readConf(text, problems).flatMap((entry) => (belongs(entry, problems) ? [[entry.key, entry]] : [])),
  );
  for (const [section, key] of Object.entries(SECTIONS)) {
    if (key !== 'g' && !found.has(key))
      problems.push({ at: 'line 1', message: `\`${key} = …\` in \`[${section}]\` is missing` });
  }
  const [r, p, g, e, m] = ['r', 'p', 'g', 'e', 'm'].map((key) => found.get(key));
  const request = r === undefined ? [] : readRequest(r, problems);
  const columns = p === undefined ? [] : readColumns(p, problems);
  const roleArity = g === undefined ? 0 : readRoles(g, problems);
  const effect = e === undefined ? undefined : readEffect(e, problems);
  if (
    m === undefined ||
    e === undefined ||
    effect === undefined ||
    request.length === 0 ||
    columns.length === 0
  )
    return undefined;
  const { expression: matcher, problems: wrong } = checkExpression(m.value, {
    kind: 'matcher',
    request,
    columns,
    roleArity,
  });
  problems.push(...wrong.map((message) => ({ at: `line ${m.line}`, message })));
  if (matcher === undefined) return undefined;
  const lines = Object.fromEntries([...found].map(([key, entry]) => [key, entry.line]));
  const shape = shapeOf({ request, columns, effect, matcher: matcher.test });
  return { ...shape, request, roles: g?.value ?? '', roleArity, effect, effectText: e.value, matcher, lines };
}

function belongs(entry: Definition, problems: FieldProblem[]): boolean {
  const key = Object.hasOwn(SECTIONS, entry.section) ? SECTIONS[entry.section] : undefined;
  if (key === undefined || entry.key === key) return key !== undefined;
  const numbered = entry.key.startsWith(key) && /^\d+$/.test(entry.key.slice(key.length));
  const message = numbered
    ? `\`${entry.key}\` is not supported: one \`${key}\` holds for all rules`
    : `expected \`${key} = …\`, received \`${entry.key}\``;
  problems.push({ at: `line ${entry.line}`, message });
  return false;
}

/** The names in a definition, checked to be words that occur once. */
function namesIn(entry: Definition, problems: FieldProblem[]): string[] {
  const names = entry.value.split(',').map((name) => name.trim());
  const wrong = (message: string) => problems.push({ at: `line ${entry.line}`, message });
  for (const [index, name] of names.entries()) {
    if (!/^[A-Za-z][A-Za-z0-9_]{0,31}$/.test(name))
      wrong(`expected names separated by commas, received \`${name.slice(0, 40)}\``);
    else if (names.indexOf(name) !== index) wrong(`\`${entry.key}.${name}\` is there twice`);
  }
  return names;
}

function readRequest(entry: Definition, problems: FieldProblem[]): RequestToken[] {
  return namesIn(entry, problems).flatMap((name) => {
    const field = requestField(name);
    if (field !== undefined) return [{ name, field }];
    const known = Object.keys(QUESTION_FIELDS).join(', ');
    problems.push({ at: `line ${entry.line}`, message: `a question has no \`${name}\`; it has ${known}` });
    return [];
  });
}

function readColumns(entry: Definition, problems: FieldProblem[]): PolicyColumn[] {
  const columns = namesIn(entry, problems).map((name) => {
    const field = columnField(name);
    return { name, field, defaultValue: columnDefault(field) };
  });
  for (const [index, column] of columns.entries()) {
    const first = columns.findIndex((other) => other.field === column.field);
    if (first === index || columns[first]?.name === column.name) continue;
    const message = `\`p.${columns[first]?.name}\` and \`p.${column.name}\` are two names for one column`;
    problems.push({ at: `line ${entry.line}`, message });
  }
  return columns;
}

function readRoles(entry: Definition, problems: FieldProblem[]): number {
  const parts = entry.value.split(',').map((part) => part.trim());
  if ((parts.length === 2 || parts.length === 3) && parts.every((part) => part === '_')) return parts.length;
  problems.push({
    at: `line ${entry.line}`,
    message: `expected \`g = _, _\` or \`g = _, _, _\`, received \`${entry.value}\``,
  });
  return 0;
}

function readEffect(entry: Definition, problems: FieldProblem[]): Effect | undefined {
  const effect = findEffect(entry.value);
  if (effect === undefined) {
    const known = EFFECT_TEXTS.map((text) => `\`${text}\``).join(', ');
    problems.push({
      at: `line ${entry.line}`,
      message: `expected one of ${known}, received \`${entry.value}\``,
    });
  }
  return effect;
}

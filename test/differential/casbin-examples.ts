/** Casbin's published examples, read from its package, for the engine alone: it knows no labels, names or paths of the gate's. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DefaultRoleManager, newEnforcer, newModelFromString, StringAdapter } from 'casbin';
import { createCasbinEngine } from '../../src/decide/casbin-engine.ts';
import { compilePolicy } from '../../src/decide/compiled/compile-policy.ts';
import { createCompiledEngine } from '../../src/decide/compiled/compiled-engine.ts';
import { reasonForCasbin } from '../../src/decide/compiled/plan.ts';
import { groupGrants } from '../../src/decide/grant-table.ts';
import { atOnce } from '../../src/decide/in-turns.ts';
import { rowsInOrder } from '../../src/decide/order-rows.ts';
import { parseModel } from '../../src/decide/parse-model.ts';
import { createConditionReader } from '../../src/decide/read-condition.ts';
import { holdsOver, indexRoles } from '../../src/decide/role-index.ts';
import { grant, policy, question, rule, settableClock } from '../support/decide-policy.ts';
import type { Question } from '../../src/core/question.ts';
import type { Engine, Standing } from '../../src/decide/engine.ts';
import type { ParsedModel } from '../../src/decide/parse-model.ts';

const EXAMPLES = join(dirname(createRequire(import.meta.url).resolve('casbin/package.json')), 'examples');

/** A model and its policy as Casbin's files have them. */
export interface Example {
  readonly model: string;
  readonly policy: string;
}

export interface ExampleAnswer {
  readonly allowed: boolean;
  /** Line of the policy, from 1, of the rule that decided. */
  readonly rule: number | undefined;
  /** Whether a function refused a value. */
  readonly failed: boolean;
}

type Ask = (request: readonly string[]) => ExampleAnswer;

/** The text of one of Casbin's example files. */
export function exampleFile(name: string): string {
  return readFileSync(join(EXAMPLES, name), 'utf8');
}

interface Line {
  readonly key: string;
  readonly values: readonly string[];
  readonly number: number;
}

export function linesOf(text: string): Line[] {
  return text.split('\n').flatMap((line, index) => {
    const [key = '', ...values] = line.split(',').map((part) => part.trim());
    return key === '' || key.startsWith('#') ? [] : [{ key, values, number: index + 1 }];
  });
}

/** Plain Casbin as its own documentation sets it up; `*` as the domain of a role is any. */
export async function askCasbin({ model, policy: text }: Example): Promise<Ask> {
  const enforcer = await newEnforcer(newModelFromString(model), new StringAdapter(text));
  const manager = enforcer.getRoleManager();
  if (manager instanceof DefaultRoleManager) {
    await manager.addDomainMatchingFunc((asked, domain) => asked === domain || domain === '*');
    await enforcer.buildRoleLinks();
  }
  const lines = linesOf(text).filter((line) => line.key === 'p');
  return (request) => {
    try {
      const [allowed, row] = enforcer.enforceExSync(...request);
      const found = lines.find((line) => line.values.join() === row.join());
      return { allowed, rule: row.length === 0 ? undefined : found?.number, failed: false };
    } catch {
      return { allowed: false, rule: undefined, failed: true };
    }
  };
}

/** The gate's engine over the same rows; which of the two it is. */
export async function askEngine(
  example: Example,
): Promise<{ readonly ask: Ask; readonly path: string; readonly model: ParsedModel }> {
  const model = parseModel(example.model);
  const { engine } = await engineOf(example, model);
  const ask: Ask = (request) => {
    const asked = Object.fromEntries(
      model.request.map((token, index) => [token.field, request[index] ?? '']),
    );
    // paths of the examples are no canonical paths
    const complete: Question = { ...question(), own: '', ...asked };
    const { allowed, row, failed } = engine.answer(engine.standing(complete, null), complete);
    return { allowed, rule: row?.rule.id, failed: failed !== undefined };
  };
  return { ask, path: engine.path, model };
}

async function engineOf(example: Example, model: ParsedModel): Promise<{ engine: Engine<Standing> }> {
  const lines = linesOf(example.policy);
  const rules = lines
    .filter(({ key }) => key === 'p')
    .map(({ values, number }) => {
      const fields = model.columns.map(({ field }, index): [string, string] => [field, values[index] ?? '']);
      return rule(
        number,
        Object.fromEntries(values.length < fields.length ? fields.slice(0, values.length) : fields),
      );
    });
  const grants = lines
    .filter(({ key }) => key === 'g')
    .map(({ values: [subject = '', role = '', server = '*'], number }) =>
      grant(number, subject, role, { server }),
    );
  const clock = settableClock(0);
  const readCondition = createConditionReader(model);
  const roles = atOnce(indexRoles(atOnce(groupGrants(grants))));
  const document = policy({ model: example.model, rules, grants });
  const ordered = await rowsInOrder(document, { model, readCondition, numbers: roles.numbers });
  const holds = holdsOver(roles, model, clock);
  if (reasonForCasbin(model) !== undefined)
    return { engine: await createCasbinEngine({ model, ordered, roles, clock, holds }) };
  const compiled = atOnce(compilePolicy({ model, readCondition, roles }, ordered));
  return { engine: createCompiledEngine({ policy: compiled, roles, clock, holds }) };
}

/** Requests from what the policy says and what it does not: every combination, or as many as `most`. */
export function requestsFor(
  { policy: text }: Example,
  model: ParsedModel,
  { more, most }: { readonly more: Readonly<Record<string, readonly string[]>>; readonly most: number },
): string[][] {
  const lines = linesOf(text);
  const values = model.request.map(({ field, name }) => {
    const column = model.columns.findIndex((each) => each.field === field);
    const written = lines.flatMap(({ key, values: row }) => {
      if (key === 'p') return row[column] ?? [];
      if (field === 'srv') return row[2] ?? [];
      return field === 'sub' || field === 'res' ? row.slice(0, 2) : [];
    });
    return [...new Set([...(more[name] ?? []), ...written, 'nobody'])].filter((value) => value !== '');
  });
  let requests: string[][] = [[]];
  for (const each of values)
    requests = requests.flatMap((request) => each.map((value) => [...request, value]));
  const step = Math.max(1, Math.floor(requests.length / most));
  return requests.filter((_, index) => index % step === 0);
}

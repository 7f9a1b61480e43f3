/** Casbin as it comes: all rules, its own role manager with `*` as any server, no slices and nothing compiled. */
import { DefaultRoleManager, Enforcer, FunctionMap, newModelFromString } from 'casbin';
import { FUNCTIONS } from '../../src/decide/functions/functions.ts';
import { checkModel } from '../../src/decide/check-model.ts';
import { createConditionReader } from '../../src/decide/read-condition.ts';
import { createRoleNumbers } from '../../src/decide/role-numbers.ts';
import { policyRow } from '../../src/decide/policy-row.ts';
import { PEOPLE } from './generate-case.ts';
import type { Question } from '../../src/core/question.ts';
import type { Case } from './generate-case.ts';

export interface PlainAnswer {
  readonly allowed: boolean;
  /** Id of the rule that decided, or of the first that fails; `undefined` for none. */
  readonly rule: number | undefined;
  readonly failed: boolean;
}

/** Pattern functions are the gate's on both sides: Casbin's may never return. `addFunction` does not replace built-in ones. */
class EnforcerOfOwnFunctions extends Enforcer {
  useFunctions(): void {
    this.fm = new FunctionMap();
    for (const { name, call } of FUNCTIONS) this.fm.addFunction(name, call);
  }
}

/** A function that asks plain Casbin. */
export async function createPlainCasbin(given: Case): Promise<(question: Question) => PlainAnswer> {
  const enforcer = new EnforcerOfOwnFunctions();
  await enforcer.initWithModelAndAdapter(newModelFromString(given.model));
  enforcer.useFunctions();
  const definition = enforcer.getModel();
  const parsed = checkModel(given.model, [], { allowDefaultAllow: true });
  const readCondition = createConditionReader(parsed);
  const parts = { model: parsed, readCondition, numbers: createRoleNumbers() };
  const rows = given.rules.map((rule) => [...policyRow(rule, parts).values]);
  const rules = definition.model.get('p')?.get('p');
  if (rules === undefined) throw new TypeError('the model has no `p`');
  rules.policy = [...rows];
  const roles = definition.model.get('g')?.get('g');
  if (roles !== undefined) {
    const named = [
      ...given.rules.map((rule) => rule.fields['sub'] ?? ''),
      ...given.grants.map((each) => each.subject),
    ];
    roles.policy = linksOf(given, named, parsed.roleArity);
    definition.sortPoliciesBySubjectHierarchy();
    roles.policy = linksOf(given, [...named, ...PEOPLE], parsed.roleArity);
    const manager = new DefaultRoleManager(10);
    await manager.addDomainMatchingFunc((asked, server) => asked === server || server === '*');
    enforcer.setRoleManager(manager);
    await enforcer.buildRoleLinks();
  }
  enforcer.sortPolicies();
  const ordered = rules.policy;
  const idOf = (row: readonly string[] | undefined) =>
    given.rules[rows.findIndex((each) => each === row)]?.id;
  return (question) => {
    const request = parsed.request.map((token) => question[token.field]);
    try {
      rules.policy = ordered;
      const [allowed, row] = enforcer.enforceExSync(...request);
      return { allowed, rule: idOf(row), failed: false };
    } catch {
      const failing = ordered.find((row) => {
        rules.policy = [row];
        try {
          enforcer.enforceExSync(...request);
          return false;
        } catch {
          return true;
        }
      });
      return { allowed: false, rule: idOf(failing), failed: true };
    }
  };
}

/** Grants as `g` rows, after the roles that are held without a grant. */
function linksOf(given: Case, subjects: readonly string[], size: number): string[][] {
  const implied = [...new Set(subjects)].flatMap((name) => {
    if (name.startsWith('guest:')) return [[name, 'anonymous', '*']];
    return name === '' || name === 'anonymous' || name.includes(':') ? [] : [[name, 'role:everyone', '*']];
  });
  const granted = given.grants.map((each) => [each.subject, each.role, each.server]);
  return [...implied, ...granted].map((row) => row.slice(0, size));
}

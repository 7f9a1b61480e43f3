/**
 * Casbin as the evaluator. Each question is put to `enforceExSync` with exactly the rows that can matter; nothing of
 * Casbin's persistence, caching, watchers or built-in pattern functions is in use.
 */
import { Enforcer, FunctionMap, Model } from 'casbin';
import type { RoleManager } from 'casbin';
import type { ParsedModel } from './parse-model.ts';
import type { PolicyRow } from './policy-row.ts';
import type { RegisteredFunction } from './functions/functions.ts';

export interface ReferenceEnforcer {
  /** The answer from `rows` to a request whose values stand in the order of the model's tokens. Throws what a matcher throws. */
  ask(rows: readonly PolicyRow[], request: readonly string[]): Answer;
}

export interface Answer {
  readonly allowed: boolean;
  /** The row that decided. */
  readonly row: PolicyRow | undefined;
}

export interface EnforcerParts {
  readonly functions: readonly RegisteredFunction[];
  /** Whether `subject` is `role` or holds it, on `server`; `'*'` where the model's `g` has no server. */
  readonly holds: (subject: string, role: string, server: string) => boolean;
}

/** An enforcer for `model`. */
export async function createReferenceEnforcer(
  model: ParsedModel,
  parts: EnforcerParts,
): Promise<ReferenceEnforcer> {
  const enforcer = new GateEnforcer();
  const definition = defineModel(model);
  await enforcer.initWithModelAndAdapter(definition);
  enforcer.useOnly(parts.functions);
  if (model.roleArity > 0) {
    enforcer.setRoleManager(roleManager(parts.holds));
    await enforcer.buildRoleLinks();
  }
  const rules = assertion(definition, 'p');
  // the same few arrays of rows are asked again and again
  const policies = new WeakMap<readonly PolicyRow[], string[][]>();
  return {
    ask(rows, request) {
      const policy = policies.get(rows) ?? policyOf(rows);
      policies.set(rows, policy);
      rules.policy = policy;
      const [allowed, values] = enforcer.enforceExSync(...request);
      return { allowed, row: model.mentionsPolicy ? rows.find((row) => row.values === values) : undefined };
    },
  };
}

/** Casbin's built-in functions can loop for ever or backtrack without end: none of them is left in. */
class GateEnforcer extends Enforcer {
  useOnly(functions: readonly RegisteredFunction[]): void {
    this.fm = new FunctionMap();
    for (const { name, call } of functions) this.fm.addFunction(name, call);
  }
}

function defineModel(model: ParsedModel): Model {
  const definition = new Model();
  definition.addDef('r', 'r', model.request.map((token) => token.name).join(', '));
  definition.addDef('p', 'p', model.columns.map((column) => column.name).join(', '));
  if (model.roleArity > 0) definition.addDef('g', 'g', model.roles);
  definition.addDef('e', 'e', model.effectText);
  definition.addDef('m', 'm', model.matcher.text);
  return definition;
}

function assertion(definition: Model, key: 'p' | 'g'): { policy: string[][] } {
  const found = definition.model.get(key)?.get(key);
  if (found === undefined) throw new TypeError(`the model has no \`${key}\``);
  return found;
}

/** Casbin only reads rows, so the arrays are shared and found again by identity. */
function policyOf(rows: readonly PolicyRow[]): string[][] {
  return rows.map((row) => row.values as string[]);
}

/** Answers `g` from the role index; the links themselves never enter Casbin. */
function roleManager(holds: EnforcerParts['holds']): RoleManager {
  const unused = async (): Promise<never> => {
    throw new TypeError('roles are read from the role index');
  };
  return {
    syncedHasLink: (subject: string, role: string, server = '*') =>
      subject === role || holds(subject, role, server),
    hasLink: unused,
    addLink: unused,
    deleteLink: unused,
    getRoles: unused,
    getUsers: unused,
    getDomains: unused,
    getAllDomains: unused,
    clear: async () => {},
    printRoles: async () => {},
  };
}

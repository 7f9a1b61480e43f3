/**
 * Casbin as it comes, with the same model, rows and pattern functions. The grants name the server, so that its role manager
 * needs no pattern for it.
 */
import { Enforcer, FunctionMap, newModelFromString } from 'casbin';
import type { Question } from '../../src/core/question.ts';
import { FUNCTIONS } from '../../src/decide/functions/functions.ts';
import type { School } from '../support/policies.ts';

/** `addFunction` does not replace the built-in functions, some of which never return. */
class OwnEnforcer extends Enforcer {
  useFunctions(): void {
    this.fm = new FunctionMap();
    for (const { name, call } of FUNCTIONS) this.fm.addFunction(name, call);
  }
}

const REQUEST = ['sub', 'srv', 'res', 'act', 'path', 'own', 'msg', 'cell', 'ip', 'time'] as const;
const POLICY = ['sub', 'srv', 'res', 'act', 'path', 'cond', 'eft'];

/** `enforceSync` over all rules. */
export async function openCasbin({ document }: School): Promise<(question: Question) => boolean> {
  const enforcer = new OwnEnforcer();
  await enforcer.initWithModelAndAdapter(newModelFromString(document.model.text));
  enforcer.useFunctions();
  const { model } = enforcer.getModel();
  const [rules, roles] = [model.get('p')?.get('p'), model.get('g')?.get('g')];
  if (rules === undefined || roles === undefined) throw new TypeError('expected a model with `p` and `g`');
  // Straight into the model: `addPolicy` looks through all rows for each new one.
  rules.policy = document.rules.map(({ fields }) => POLICY.map((name) => fields[name] ?? ''));
  roles.policy = document.grants.map(({ subject, role, server }) => [subject, role, server]);
  await enforcer.buildRoleLinks();
  return (question) => enforcer.enforceSync(...REQUEST.map((name) => question[name]));
}

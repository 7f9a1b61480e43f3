/** Casbin as it comes, asked with the evidence for one question: its own role manager, nothing compiled. */
import { DefaultRoleManager, Enforcer, FunctionMap, newModelFromString } from 'casbin';
import { FUNCTIONS } from '../functions/functions.ts';
import { parseModel } from '../parse-model.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { Evidence } from './evidence.ts';

export interface Opinion {
  readonly allowed: boolean;
  /** Id of the rule that decided. */
  readonly rule: number | undefined;
  /** Whether a function refused a value. */
  readonly failed: boolean;
}

/** Pattern functions are the gate's: Casbin's may never return. */
class PlainEnforcer extends Enforcer {
  useFunctions(): void {
    this.fm = new FunctionMap();
    for (const { name, call } of FUNCTIONS) this.fm.addFunction(name, call);
  }
}

interface Ready {
  readonly text: string;
  readonly parsed: ParsedModel;
  readonly enforcer: PlainEnforcer;
}

/** A function that asks; the enforcer of a model is kept for the next question. */
export function createPlainCasbin(): (evidence: Evidence) => Promise<Opinion> {
  let ready: Ready | undefined;
  return async (evidence) => {
    if (ready?.text !== evidence.model) ready = await prepare(evidence.model);
    const { enforcer, parsed } = ready;
    const rules = evidence.rows.map((row) => [...row.values]);
    assertion(enforcer, 'p').policy = rules;
    if (parsed.roleArity > 0) await link(enforcer, evidence.links, parsed.roleArity);
    const request = parsed.request.map((token) => evidence.question[token.field]);
    try {
      const [allowed, values] = enforcer.enforceExSync(...request);
      return { allowed, rule: evidence.rows[rules.findIndex((row) => row === values)]?.id, failed: false };
    } catch {
      return { allowed: false, rule: undefined, failed: true };
    }
  };
}

async function prepare(text: string): Promise<Ready> {
  const enforcer = new PlainEnforcer();
  await enforcer.initWithModelAndAdapter(newModelFromString(text));
  enforcer.useFunctions();
  return { text, parsed: parseModel(text), enforcer };
}

async function link(enforcer: Enforcer, links: Evidence['links'], size: number): Promise<void> {
  assertion(enforcer, 'g').policy = links.map((row) => row.slice(0, size));
  const manager = new DefaultRoleManager(10);
  await manager.addDomainMatchingFunc((asked, server) => asked === server || server === '*');
  enforcer.setRoleManager(manager);
  await enforcer.buildRoleLinks();
}

function assertion(enforcer: Enforcer, key: 'p' | 'g'): { policy: string[][] } {
  const found = enforcer.getModel().model.get(key)?.get(key);
  if (found === undefined) throw new TypeError(`the model has no \`${key}\``);
  return found;
}

/**
 * The same school in CASL, which knows no roles: each person has an ability of their own, made of the rules of their class
 * when they are first asked about and kept. So it always searches one class, and a change of a class makes its abilities anew.
 */
import type { Question } from '../../src/core/question.ts';
import { importPeer } from '../support/peers.ts';
import type { School } from '../support/policies.ts';

interface Casl {
  readonly createMongoAbility: (rules: readonly object[]) => {
    can(action: string, subject: unknown): boolean;
  };
  readonly subject: (type: string, fields: object) => unknown;
}

export async function openCasl({ document }: School): Promise<(question: Question) => boolean> {
  const { createMongoAbility, subject } = await importPeer<Casl>('@casl/ability');
  const rulesOf = new Map<string, object[]>();
  for (const { fields } of document.rules) {
    const { sub = '' } = fields;
    rulesOf.set(sub, [...(rulesOf.get(sub) ?? []), ruleOf(fields)]);
  }
  const roleOf = new Map(document.grants.map(({ subject: name, role }) => [name, role]));
  const abilities = new Map<string, ReturnType<Casl['createMongoAbility']>>();
  return ({ sub, act, res, path, own }) => {
    let ability = abilities.get(sub);
    if (ability === undefined) {
      ability = createMongoAbility(orderedByEffect(rulesOf.get(roleOf.get(sub) ?? '') ?? []));
      abilities.set(sub, ability);
    }
    return ability.can(act, subject(res, { path, isOwn: own === sub }));
  };
}

function ruleOf({ res = '', act = '', path = '', cond, eft }: Readonly<Record<string, string>>): object {
  const below = `^${path.replace('/**', '')}(/|$)`;
  return {
    action: act === '*' ? 'manage' : act.split('|'),
    subject: res.split('|'),
    inverted: eft === 'deny',
    conditions: { path: { $regex: below }, ...(cond === 'r.own == r.sub' ? { isOwn: true } : {}) },
  };
}

/** In CASL the last rule that matches counts; what denies must come last to count whatever allows. */
function orderedByEffect(rules: readonly object[]): object[] {
  const denies = (rule: object): boolean => (rule as { readonly inverted?: boolean }).inverted === true;
  return [...rules.filter((rule) => !denies(rule)), ...rules.filter(denies)];
}

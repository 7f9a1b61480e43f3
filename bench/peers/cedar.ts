/** The same school as Cedar policies: roles and directories are parents of entities, a denied rule is a `forbid`. */
import { setFlagsFromString } from 'node:v8';
import type { Question } from '../../src/core/question.ts';
import { importPeer } from '../support/peers.ts';
import type { School } from '../support/policies.ts';

interface Cedar {
  preparsePolicySet(id: string, policies: object): { readonly type: string };
  statefulIsAuthorized(call: object): {
    readonly type: string;
    readonly response?: { readonly decision: string };
  };
}

interface Id {
  readonly type: string;
  readonly id: string;
}

const SET = 'school';
const LABELS = ['read', 'write', 'execute'];

/** Policies are parsed once; each question carries the entities it is about, as Cedar wants it. */
export async function openCedar({ document }: School): Promise<(question: Question) => boolean> {
  // Node 20 dies of an inlined call of WebAssembly when it takes back what it took for certain (`Deoptimizer`, unreachable code).
  setFlagsFromString('--no-turbo-inline-js-wasm-calls');
  const cedar = await importPeer<Cedar>('@cedar-policy/cedar-wasm/nodejs');
  const parsed = cedar.preparsePolicySet(SET, { staticPolicies: document.rules.map(policyOf).join('\n') });
  if (parsed.type !== 'success')
    throw new Error(`Cedar refused the policies: ${JSON.stringify(parsed).slice(0, 500)}`);
  const roleOf = new Map(document.grants.map(({ subject, role }) => [subject, role]));
  return (question) => {
    const call = callOf(question, roleOf.get(question.sub) ?? '');
    const answer = cedar.statefulIsAuthorized({ ...call, preparsedPolicySetId: SET });
    if (answer.response === undefined)
      throw new Error(`Cedar failed: ${JSON.stringify(answer).slice(0, 500)}`);
    return answer.response.decision === 'allow';
  };
}

function policyOf({ fields }: { readonly fields: Readonly<Record<string, string>> }): string {
  const { sub = '', res = '', act = '', path = '', cond, eft } = fields;
  const actions = (act === '*' ? LABELS : act.split('|'))
    .flatMap((verb) => res.split('|').map((label) => `Action::"${verb} ${label}"`))
    .join(', ');
  const effect = eft === 'deny' ? 'forbid' : 'permit';
  const condition = cond === 'r.own == r.sub' ? ' when { context.own == context.sub }' : '';
  const directory = path.replace('/**', '');
  return `${effect} (principal in Role::"${sub}", action in [${actions}], resource in Path::"${directory}")${condition};`;
}

function callOf({ sub, act, res, path, own }: Question, role: string): object {
  const principal: Id = { type: 'User', id: sub };
  const resource: Id = { type: 'Path', id: path };
  return {
    principal,
    action: { type: 'Action', id: `${act} ${res}` },
    resource,
    context: { own, sub },
    entities: [
      { uid: principal, attrs: {}, parents: [{ type: 'Role', id: role }] },
      { uid: resource, attrs: {}, parents: directoriesOf(path) },
    ],
    validateRequest: false,
  };
}

function directoriesOf(path: string): Id[] {
  const segments = path.split('/').slice(1);
  return segments
    .slice(0, -1)
    .map((_, index) => ({ type: 'Path', id: `/${segments.slice(0, index + 1).join('/')}` }));
}

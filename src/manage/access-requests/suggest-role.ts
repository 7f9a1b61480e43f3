/** Finds the smallest role that would allow somebody what they were refused. */
import { createLimiter } from '../../authenticate/limiter.ts';
import type { GrantRecord, PolicyDocument } from '../../core/policy.ts';
import { parseModel } from '../../decide/parse-model.ts';
import { ruleFit } from '../../decide/rule-fit.ts';
import type { RoleRecord } from '../../store/store.ts';
import type { Management } from '../management.ts';
import { rolesBySize } from './role-sizes.ts';
import type { SizedRole } from './role-sizes.ts';
import { allows } from './wanted-access.ts';
import type { WantedQuestion } from './wanted-access.ts';

export type SuggestRole = (questions: readonly WantedQuestion[]) => Promise<RoleRecord | undefined>;

/** Each try builds a small policy, which costs processor time: one search at once, and a short queue. */
const QUEUE = 20;
const MAX_TRIES = 50;

/**
 * For each role that the asker of `questions` does not hold, from the smallest: would all of them be allowed with that
 * role added? The answer is that of the policy itself, so roles that deny, conditions and `{user}` all count. Rejects
 * with `OVERLOADED` when too many ask at once.
 */
export function createSuggestRole(management: Pick<Management, 'decider' | 'store'>): SuggestRole {
  const limited = createLimiter({ parallel: 1, queue: QUEUE });
  let sized: { readonly document: PolicyDocument; readonly roles: readonly SizedRole[] } | undefined;

  function rolesOf(document: PolicyDocument): readonly SizedRole[] {
    if (sized?.document !== document) sized = { document, roles: rolesBySize(document) };
    return sized.roles;
  }

  async function suggest(questions: readonly WantedQuestion[]): Promise<RoleRecord | undefined> {
    const snapshot = management.decider.current;
    const { document } = snapshot;
    const [first] = questions;
    if (first === undefined) return undefined;
    const { sub, srv } = first.question;
    const held = new Set([sub, ...snapshot.rolesOf(sub, srv)]);
    const model = parseModel(document.model.text);
    const missing = questions.filter((one) => !allows(snapshot, [one]));
    const isCandidate = ({ name, rules }: SizedRole): boolean =>
      !held.has(name) &&
      missing.every(({ question, leads }) =>
        rules.some((rule) => {
          const fit = ruleFit(rule, question, model);
          return rule.fields['eft'] !== 'deny' && fit.res && fit.act && (fit.path || leads);
        }),
      );
    for (const role of rolesOf(document).filter(isCandidate).slice(0, MAX_TRIES)) {
      const after = await management.decider.build(withRole(document, { sub, held, role }));
      // A role that rules name but nobody added cannot be given.
      const record = allows(after, questions) ? await management.store.read.roles.find(role.name) : undefined;
      if (record !== undefined) return record;
    }
    return undefined;
  }

  return (questions) => limited(() => suggest(questions));
}

/** What counts for the asker, were they given the role too. */
function withRole(
  document: PolicyDocument,
  { sub, held, role }: { readonly sub: string; readonly held: ReadonlySet<string>; readonly role: SizedRole },
): PolicyDocument {
  const counts = (name: string): boolean => held.has(name) || role.held.has(name);
  const given: GrantRecord = {
    id: 0,
    subject: sub,
    role: role.name,
    server: '*',
    startsAt: null,
    expiresAt: null,
    createdAt: 0,
    createdBy: '',
  };
  return {
    ...document,
    rules: document.rules.filter((rule) => counts(rule.fields['sub'] ?? '')),
    grants: [...document.grants.filter(({ subject }) => counts(subject)), given],
  };
}

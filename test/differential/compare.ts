/** Asks the gate and plain Casbin the same questions, and the gate's two engines about what Casbin does not know. */
import { isDeepStrictEqual } from 'node:util';
import { buildSnapshot } from '../../src/decide/build-snapshot.ts';
import { policy, settableClock } from '../support/decide-policy.ts';
import { createPlainCasbin } from './plain-casbin.ts';
import type { Question } from '../../src/core/question.ts';
import type { Snapshot } from '../../src/decide/decider.ts';
import type { Case } from './generate-case.ts';

/** A question with two answers. */
export interface Mismatch {
  readonly kind: 'casbin' | 'unknown owner' | 'token' | 'leads';
  readonly question: Question;
  readonly ours: unknown;
  readonly expected: unknown;
}

export interface Comparison {
  readonly mismatches: readonly Mismatch[];
  readonly path: Snapshot['path'];
  /** Questions that were asked, by kind. */
  readonly asked: Readonly<Record<Mismatch['kind'], number>>;
  /** Questions that some rule decided. */
  readonly decided: number;
}

const TOKEN_ROLES = [['role:a'], ['role:everyone', 'role:b'], ['role:c', 'role:nobody', 'u1'], []];

export async function compare(given: Case): Promise<Comparison> {
  const clock = settableClock();
  const document = policy({ model: given.model, rules: [...given.rules], grants: [...given.grants] });
  const ours = await buildSnapshot(document, { clock, allowDefaultAllow: true });
  const sliced = await buildSnapshot(document, { clock, allowDefaultAllow: true, path: 'casbin' });
  const plain = await createPlainCasbin(given);
  const mismatches: Mismatch[] = [];
  const asked = { casbin: 0, 'unknown owner': 0, token: 0, leads: 0 };
  let decided = 0;
  const note = (
    kind: Mismatch['kind'],
    question: Question,
    answers: { ours: unknown; expected: unknown },
  ) => {
    asked[kind]++;
    if (!isDeepStrictEqual(answers.ours, answers.expected)) mismatches.push({ kind, question, ...answers });
  };
  for (const [index, question] of given.questions.entries()) {
    const expected = plain(question);
    const { allowed, code, rules } = ours.decide(question);
    if (expected.rule !== undefined) decided++;
    const seen = { allowed, rule: rules[0], failed: code === 'DENIED_CONDITION_FAILED' };
    note('casbin', question, { ours: seen, expected });
    if (index % 9 === 0) {
      const unknown = { ...question, own: '?' };
      note('unknown owner', unknown, { ours: ours.decide(unknown), expected: sliced.decide(unknown) });
    } else if (index % 9 === 3) {
      const roles = TOKEN_ROLES[Math.floor(index / 9) % TOKEN_ROLES.length] ?? [];
      const answers = { ours: ours.decide(question, roles), expected: sliced.decide(question, roles) };
      note('token', question, answers);
    } else if (index % 9 === 6) {
      note('leads', question, { ours: ours.leads(question), expected: sliced.leads(question) });
    }
  }
  return { mismatches, path: ours.path, asked, decided };
}

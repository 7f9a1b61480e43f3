/**
 * Policies and questions made from a seed: a school of classes. Twenty rules and twenty students to a class, a folder for
 * each student, lectures to read, exercises that run on one's own kernels, and an exam that is denied.
 */
import type { PolicyDocument, RuleRecord } from '../../src/core/policy.ts';
import type { Question } from '../../src/core/question.ts';
import { randomSource } from '../../test/differential/random-source.ts';
import type { RandomSource } from '../../test/differential/random-source.ts';
import { DEFAULT_MODEL, grant, policy, question, rule } from '../../test/support/decide-policy.ts';

export const SEED = 20_260_302;
/** Rules and students of one class. */
export const CLASS = 20;
/** The part of a school that is there on an ordinary day, and how often a question comes from it. */
const PRESENT = 1000;
const PRESENT_SHARE = 0.9;

export interface School {
  /** Rules, and as many students. */
  readonly size: number;
  readonly document: PolicyDocument;
}

/** `perRole` rules in each role; all in one is the worst case for every engine. */
export function makeSchool(size: number, perRole = CLASS): School {
  const roles = Math.max(1, Math.round(size / perRole));
  const rules = Array.from({ length: size }, (_, index) => ruleAt(index, roleName(index % roles)));
  const grants = Array.from({ length: size }, (_, index) =>
    grant(index + 1, studentName(index), roleName(index % roles), { server: 'default' }),
  );
  return { size, document: policy({ model: DEFAULT_MODEL, rules, grants }) };
}

export const studentName = (index: number): string => `student${index}`;
const roleName = (index: number): string => `role:class${index}`;

function ruleAt(index: number, sub: string): RuleRecord {
  const labels = { srv: 'default', res: 'contents|checkpoints|files', act: 'read|write' };
  const kinds = [
    { ...labels, path: `/home/student${index}/**` },
    { ...labels, path: `/lectures/l${index}/**`, act: 'read' },
    {
      ...labels,
      res: 'kernels|sessions|channels',
      act: '*',
      path: `/home/w${index}/**`,
      cond: 'r.own == r.sub',
    },
    { ...labels, path: `/exam/e${index}/**`, act: 'write', eft: 'deny' },
  ];
  return rule(index + 1, { sub, cond: 'true', eft: 'allow', ...kinds[index % kinds.length] });
}

export type Mix = 'hot' | 'uniform';

/** Half of them about something of one's own class. `hot`: nine of ten come from a thousand students. */
export function makeQuestions(
  school: School,
  mix: Mix,
  options: { readonly count: number; readonly seed: number },
): Question[] {
  const random = randomSource(options.seed);
  return Array.from({ length: options.count }, () => questionOf(school, mix, random));
}

function questionOf({ size }: School, mix: Mix, random: RandomSource): Question {
  const isPresent = mix === 'hot' && random.chance(PRESENT_SHARE);
  const user = random.below(isPresent ? Math.min(size, PRESENT) : size);
  const roles = Math.max(1, Math.round(size / CLASS));
  const at = random.chance(0.5)
    ? (user % roles) + roles * random.below(Math.floor(size / roles))
    : random.below(size);
  const sub = studentName(user);
  return random.pick([
    () => question({ sub, path: `/home/student${at}/a/b.ipynb` }),
    () => question({ sub, path: `/lectures/l${at}/01.ipynb` }),
    () => question({ sub, act: 'write', path: `/exam/e${at}/x` }),
    () => question({ sub, res: 'kernels', act: 'execute', path: `/home/w${at}/n.ipynb`, own: sub }),
  ])();
}

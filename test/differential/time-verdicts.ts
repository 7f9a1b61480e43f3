/**
 * `tsx test/differential/time-verdicts.ts [most]`: processor time of one verdict, compiled and through Casbin, in one run, for a class whose one
 * role has all the rules (the worst for Casbin: each rule may matter to each student) and for rules spread over many roles.
 */
import { buildSnapshot } from '../../src/decide/build-snapshot.ts';
import { DEFAULT_MODEL, grant, policy, question, rule, settableClock } from '../support/decide-policy.ts';
import { randomSource } from './random-source.ts';
import type { PolicyDocument, RuleRecord } from '../../src/core/policy.ts';
import type { Question } from '../../src/core/question.ts';
import type { Snapshot } from '../../src/decide/decider.ts';

const SIZES = [10, 100, 1_000, 10_000, 100_000];
const QUESTIONS = 4096;
const random = randomSource(1);

/** As many rules as users; `perRole` rules in each role. */
function classOf(size: number, perRole: number): PolicyDocument {
  const roles = Math.max(1, Math.round(size / perRole));
  const rules = Array.from({ length: size }, (_, index) => ruleAt(index, `role:r${index % roles}`));
  const grants = Array.from({ length: size }, (_, index) =>
    grant(index + 1, `student${index}`, `role:r${index % roles}`),
  );
  return policy({ model: DEFAULT_MODEL, rules, grants });
}

function ruleAt(index: number, sub: string): RuleRecord {
  const labels = { res: 'contents|checkpoints|files', act: 'read|write' };
  const kinds = [
    { ...labels, path: `/home/student${index}/**` },
    { ...labels, path: `/lectures/l${index}/**`, act: 'read' },
    { res: 'kernels|sessions|channels', act: '*', path: `/home/w${index}/**`, cond: 'r.own == r.sub' },
    { ...labels, path: `/exam/e${index}/**`, act: 'write', eft: 'deny' },
  ];
  return rule(index + 1, { sub, ...kinds[index % kinds.length] });
}

/** Nine of ten questions come from the first thousand users. */
function questionsFor(size: number): Question[] {
  return Array.from({ length: QUESTIONS }, () => {
    const user = random.chance(0.9) ? random.below(Math.min(size, 1000)) : random.below(size);
    const sub = `student${user}`;
    const at = random.below(size);
    return random.pick([
      () => question({ sub, path: `/home/student${at}/a/b.ipynb` }),
      () => question({ sub, path: `/lectures/l${at}/01.ipynb` }),
      () => question({ sub, act: 'write', path: `/exam/e${at}/x` }),
      () => question({ sub, res: 'kernels', act: 'execute', path: `/home/w${at}/n.ipynb`, own: sub }),
    ])();
  });
}

/** Microseconds of processor time for one call, the median of several rounds of at most `limit` calls. */
function timed(questions: readonly Question[], limit: number, ask: (question: Question) => unknown): number {
  const round = questions.slice(0, limit);
  const times = Array.from({ length: limit < QUESTIONS ? 1 : 7 }, () => {
    const before = process.cpuUsage();
    for (const each of round) ask(each);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / round.length;
  });
  return times.sort((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
}

async function built(
  document: PolicyDocument,
  path: Snapshot['path'],
): Promise<{ snapshot: Snapshot; ms: number; longest: number }> {
  const seen = { longest: 0, last: performance.now(), isOver: false };
  const tick = (): void => {
    seen.longest = Math.max(seen.longest, performance.now() - seen.last);
    seen.last = performance.now();
    if (!seen.isOver) setImmediate(tick);
  };
  setImmediate(tick);
  const since = performance.now();
  const snapshot = await buildSnapshot(document, { clock: settableClock(), allowDefaultAllow: false, path });
  seen.isOver = true;
  return { snapshot, ms: performance.now() - since, longest: seen.longest };
}

const most = Number(process.argv[2] ?? 100_000);
const write = (cells: readonly (string | number)[]) =>
  process.stdout.write(
    `${cells.map((cell) => (typeof cell === 'number' ? cell.toFixed(cell < 100 ? 2 : 0) : cell).padStart(14)).join('')}\n`,
  );
for (const [name, perRole] of [
  ['one role has all rules', Number.POSITIVE_INFINITY],
  ['20 rules in each role', 20],
] as const) {
  process.stdout.write(`\n${name}; microseconds of processor time for one verdict\n`);
  write(['rules', 'compiled', 'leads', 'casbin', 'build ms', 'longest turn']);
  for (const size of SIZES.filter((each) => each <= most)) {
    const document = classOf(size, perRole);
    const questions = questionsFor(size);
    const compiled = await built(document, 'compiled');
    for (const each of questions) compiled.snapshot.decide(each);
    const ours = timed(questions, QUESTIONS, (each) => compiled.snapshot.decide(each));
    const leads = timed(questions, QUESTIONS, (each) =>
      compiled.snapshot.leads({ ...each, path: '/' as never }),
    );
    const { snapshot } = await built(document, 'casbin');
    for (const each of questions.slice(0, 1)) snapshot.decide(each);
    const theirs = timed(questions, perRole === 20 ? 100 : Math.max(2, Math.min(100, 5000 / size)), (each) =>
      snapshot.decide(each),
    );
    write([String(size), ours, leads, theirs, compiled.ms, compiled.longest]);
  }
}

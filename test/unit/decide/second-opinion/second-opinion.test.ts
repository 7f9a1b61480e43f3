import { expect } from 'chai';
import { buildSnapshot } from '../../../../src/decide/build-snapshot.ts';
import { compilePolicy } from '../../../../src/decide/compiled/compile-policy.ts';
import { createCompiledEngine } from '../../../../src/decide/compiled/compiled-engine.ts';
import { createDecider } from '../../../../src/decide/create-decider.ts';
import { groupGrants } from '../../../../src/decide/grant-table.ts';
import { atOnce } from '../../../../src/decide/in-turns.ts';
import { rowsInOrder } from '../../../../src/decide/order-rows.ts';
import { parseModel } from '../../../../src/decide/parse-model.ts';
import { createConditionReader } from '../../../../src/decide/read-condition.ts';
import { holdsOver, indexRoles } from '../../../../src/decide/role-index.ts';
import { createPlainCasbin } from '../../../../src/decide/second-opinion/plain-casbin.ts';
import { createSecondOpinion } from '../../../../src/decide/second-opinion/second-opinion.ts';
import { createSnapshot } from '../../../../src/decide/snapshot.ts';
import { generateCase } from '../../../differential/generate-case.ts';
import { randomSource } from '../../../differential/random-source.ts';
import {
  DEFAULT_MODEL,
  grant,
  policy,
  question,
  rule,
  settableClock,
} from '../../../support/decide-policy.ts';
import { until } from '../../../support/until.ts';
import type { PolicyDocument } from '../../../../src/core/policy.ts';
import type { Snapshot } from '../../../../src/decide/decider.ts';
import type { Evidence } from '../../../../src/decide/second-opinion/evidence.ts';
import type { Difference, Witness } from '../../../../src/decide/second-opinion/second-opinion.ts';

const RULES = [
  rule(1, { sub: 'role:reader', res: 'contents', act: 'read', path: '/pub/**' }),
  rule(2, { sub: 'role:reader', res: 'contents', act: 'read', path: '/pub/secret', eft: 'deny' }),
];
const DOCUMENT = policy({ rules: RULES, grants: [grant(1, 'alice', 'role:reader')] });

const THREAD = new URL('../../../support/casbin-thread.mjs', import.meta.url);

/** A snapshot whose compiled engine allows what no rule decides: a defect as it might be. */
async function defective(document: PolicyDocument, witness: Witness): Promise<Snapshot> {
  const model = parseModel(DEFAULT_MODEL);
  const clock = settableClock();
  const readCondition = createConditionReader(model);
  const roles = atOnce(indexRoles(atOnce(groupGrants(document.grants))));
  const rows = await rowsInOrder(document, { model, readCondition, numbers: roles.numbers });
  const compiled = atOnce(compilePolicy({ model, readCondition, roles }, rows));
  const holds = holdsOver(roles, model, clock);
  const right = createCompiledEngine({ policy: compiled, roles, clock, holds });
  const engine: typeof right = {
    ...right,
    answer(standing, asked) {
      const answer = right.answer(standing, asked);
      return answer.row === undefined ? { ...answer, allowed: true } : answer;
    },
  };
  const { revision, model: record } = document;
  const parts = { revision, record, model, clock, roles, holds, readCondition };
  return createSnapshot({ ...parts, engine, witness, after: () => undefined });
}

describe('the second opinion', () => {
  it('notices a compiled policy that answers wrongly, and leaves it to Casbin', async () => {
    const seen: Difference[] = [];
    const failures: unknown[] = [];
    const secondOpinion = createSecondOpinion({
      onDifference: (difference) => seen.push(difference),
      onFailure: (error) => failures.push(error),
      firstAfter: 0,
      module: THREAD,
    });
    const decider = createDecider({ clock: settableClock() }, { allowDefaultAllow: false });
    decider.swap(await defective(DOCUMENT, secondOpinion.witness));
    const asked = question({ path: '/private/x' });
    const answers = [true, true];
    let turn = 0;
    await until(() => {
      // right answers give no difference
      turn++;
      answers[turn % 2] = decider.current.decide(
        turn % 2 === 0 ? asked : question({ path: '/pub/a' }),
      ).allowed;
      return seen.length + failures.length > 0;
    }, 'a difference');
    expect(answers).to.deep.equal([true, true]);
    await secondOpinion.close();
    expect(failures).to.deep.equal([]);
    expect(seen[0]?.question).to.deep.equal(asked);
    expect(seen[0]?.opinion).to.deep.equal({ allowed: false, rule: undefined, failed: false });
    await decider.leaveToCasbin(DOCUMENT.revision);
    expect(decider.current.path).to.equal('casbin');
    expect(decider.current.decide(asked).allowed).to.equal(false);
    expect(decider.current.decide(question({ path: '/pub/a' })).rules).to.deep.equal([1]);
  }).timeout(120_000);

  it('agrees with what generated policies answer', async function () {
    this.timeout(120_000);
    const ask = createPlainCasbin();
    let compared = 0;
    for (let index = 0; index < 120; index++) {
      const given = generateCase(randomSource(index * 7919 + 5), 12);
      const collected: [ReturnType<Snapshot['decide']>, Evidence | undefined][] = [];
      const witness: Witness = (asked, verdict, gather) => collected.push([verdict, gather(asked)]);
      const document = policy({ model: given.model, rules: [...given.rules], grants: [...given.grants] });
      const snapshot = await buildSnapshot(document, {
        clock: settableClock(),
        allowDefaultAllow: true,
        witness,
      });
      for (const each of given.questions) snapshot.decide(each);
      for (const [verdict, evidence] of collected) {
        if (evidence === undefined) continue;
        compared++;
        // sent to a thread, so it must survive that
        const opinion = await ask(structuredClone(evidence));
        const failed = verdict.code === 'DENIED_CONDITION_FAILED';
        const expected = { allowed: verdict.allowed, rule: failed ? undefined : verdict.rules[0], failed };
        expect(opinion, given.model).to.deep.equal(expected);
      }
    }
    expect(compared).to.be.above(800);
  });

  it('asks nothing about tokens narrowed to roles, and nothing beyond its share', async () => {
    const gathered: string[] = [];
    let told = 0;
    const secondOpinion = createSecondOpinion({
      onDifference: () => {},
      onFailure: () => {},
      firstAfter: 0,
      module: THREAD,
    });
    const witness: Witness = (asked, verdict, gather) => {
      told++;
      secondOpinion.witness(asked, verdict, (each) => {
        gathered.push(each.sub);
        return gather(each);
      });
    };
    const snapshot = await buildSnapshot(DOCUMENT, {
      clock: settableClock(),
      allowDefaultAllow: false,
      witness,
    });
    snapshot.decide(question(), ['role:reader']);
    expect(told).to.equal(0);
    const since = performance.now();
    await until(() => {
      for (let index = 0; index < 1000; index++) snapshot.decide(question());
      return gathered.length > 1;
    }, 'two questions to Casbin');
    await secondOpinion.close();
    // a tenth of a second between two questions is the shortest pause
    expect(performance.now() - since).to.be.above(90);
    expect(told).to.be.above(gathered.length * 200);
  }).timeout(120_000);
});

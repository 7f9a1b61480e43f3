import { expect } from 'chai';
import { runCases } from './run-cases.ts';

const QUESTIONS = 20_000;

describe('a generated policy', () => {
  it('gets the answers and the deciding rules of plain Casbin', async function () {
    this.timeout(240_000);
    const totals = await runCases(QUESTIONS, 1);
    expect(totals.difference).to.equal('');
    expect(totals.questions).to.be.at.least(QUESTIONS);
    // the generator would prove nothing if it made policies that match nobody, or that are not compiled
    expect(totals.decided / totals.questions).to.be.above(0.1);
    expect(totals.compiledModels / totals.models).to.be.within(0.8, 0.995);
  });
});

import { expect } from 'chai';
import { runCases, runChanges } from './run-cases.ts';

const QUESTIONS = 50_000;
const CHANGES = 1000;

describe('a generated policy', () => {
  it('gets the answers and the deciding rules of plain Casbin', async function () {
    this.timeout(240_000);
    const totals = await runCases(QUESTIONS, 1);
    expect(totals.difference).to.equal('');
    expect(totals.questions).to.be.at.least(QUESTIONS);
    // the generator would prove nothing if it made policies that match nobody, or that are not compiled
    expect(totals.decided / totals.questions).to.be.above(0.1);
    expect(totals.compiledModels / totals.models).to.be.within(0.8, 0.999);
  });
  it('changed a few rows at a time says what it says when it is built whole', async function () {
    this.timeout(240_000);
    const totals = await runChanges(CHANGES, 1);
    expect(totals.difference).to.equal('');
    // it would prove nothing if every change built all of it
    expect(totals.shared / totals.changes).to.be.above(0.7);
    expect(totals.refused).to.be.above(5);
  });
});

import { expect } from 'chai';
import { createLookUpCache } from '../../../src/authenticate/look-up-cache.ts';

describe('createLookUpCache', () => {
  it('drops the value that was used longest ago', async () => {
    const loads: string[] = [];
    const cache = createLookUpCache(async (key) => {
      loads.push(key);
      return key;
    }, 2);
    for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.get(key);
    expect(loads).to.deep.equal(['a', 'b', 'c', 'b']);
  });

  it('does not keep what a load found that began before clear', async () => {
    const answers: ((value: string) => void)[] = [];
    const cache = createLookUpCache(() => new Promise<string>((resolve) => answers.push(resolve)), 10);
    const early = cache.get('a');
    cache.clear();
    answers[0]?.('stale');
    expect(await early).to.equal('stale');
    const late = cache.get('a');
    expect(answers).to.have.length(2);
    answers[1]?.('fresh');
    expect(await late).to.equal('fresh');
    expect(await cache.get('a')).to.equal('fresh');
  });

  it('does not let a load that began before clear answer who asks afterwards', async () => {
    const answers: ((value: string) => void)[] = [];
    const cache = createLookUpCache(() => new Promise<string>((resolve) => answers.push(resolve)), 10);
    const early = cache.get('a');
    cache.clear();
    const late = cache.get('a');
    answers[1]?.('fresh');
    expect(await late).to.equal('fresh');
    answers[0]?.('stale');
    expect(await early).to.equal('stale');
    expect(await cache.get('a')).to.equal('fresh');
  });

  it('loads again after a load failed', async () => {
    let calls = 0;
    const cache = createLookUpCache(async () => {
      calls += 1;
      if (calls === 1) throw new Error('down');
      return 'up';
    }, 10);
    expect(await cache.get('a').catch((error: unknown) => String(error))).to.equal('Error: down');
    expect(await cache.get('a')).to.equal('up');
  });
});

import { expect } from 'chai';
import { remember } from '../../../src/core/remember.ts';

function counted(limit?: number): { readonly ask: (key: string) => number; readonly asked: string[] } {
  const asked: string[] = [];
  const ask = remember((key: string) => {
    asked.push(key);
    if (key === 'bad') throw new Error('refused');
    return key.length;
  }, limit);
  return { ask, asked };
}

describe('what is remembered', () => {
  it('is computed once for each key', () => {
    const { ask, asked } = counted();
    expect([ask('one'), ask('three'), ask('one')]).to.deep.equal([3, 5, 3]);
    expect(asked).to.deep.equal(['one', 'three']);
  });

  it('never grows beyond its limit, nor by long keys', () => {
    const { ask, asked } = counted(2);
    for (const key of ['a', 'b', 'c', 'c', 'a']) ask(key);
    expect(asked).to.deep.equal(['a', 'b', 'c', 'a']);
    const long = 'x'.repeat(1000);
    ask(long);
    ask(long);
    expect(asked.filter((key) => key === long)).to.have.lengthOf(2);
  });

  it('is never a failure', () => {
    const { ask, asked } = counted();
    expect(() => ask('bad')).to.throw('refused');
    expect(() => ask('bad')).to.throw('refused');
    expect(asked).to.have.lengthOf(2);
  });
});

import { expect } from 'chai';
import { Ending } from '../../../src/core/ending.ts';
import { AppError } from '../../../src/core/errors.ts';

describe('what ends an exchange', () => {
  it('tells each listener once, with the first reason', () => {
    const ending = new Ending();
    const told: string[] = [];
    ending.onEnd(({ code }) => void told.push(code));
    expect(ending.reason).to.equal(undefined);
    ending.end(new AppError('CLIENT_GONE'));
    ending.end(new AppError('STOPPING'));
    expect(told).to.deep.equal(['CLIENT_GONE']);
    expect(ending.reason?.code).to.equal('CLIENT_GONE');
  });

  it('tells who comes later at once', () => {
    const ending = new Ending();
    ending.end(new AppError('STOPPING'));
    const told: string[] = [];
    ending.onEnd(({ code }) => void told.push(code));
    expect(told).to.deep.equal(['STOPPING']);
  });
});

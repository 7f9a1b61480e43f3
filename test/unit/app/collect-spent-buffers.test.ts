import { expect } from 'chai';
import { collectSpentBuffers } from '../../../src/app/collect-spent-buffers.ts';
import { eventually } from '../../support/forward-servers.ts';

const PIECE = 64 * 1024;
const MB = 1024 * 1024;

describe('spent buffers', () => {
  it('are collected every few megabytes, however small the pieces of a body are', () => {
    let collections = 0;
    const passed = collectSpentBuffers(() => (collections += 1));
    for (let bytes = 0; bytes < 64 * MB; bytes += PIECE) passed(PIECE);
    expect(collections).to.equal(16);
  });

  it('are left to V8 where they are those of small answers', () => {
    let collections = 0;
    const passed = collectSpentBuffers(() => (collections += 1));
    for (let bytes = 0; bytes < 64 * MB; bytes += 2048) passed(2048);
    expect(collections).to.equal(0);
  });

  it('are gone after that', async () => {
    const passed = collectSpentBuffers();
    const before = process.memoryUsage().arrayBuffers;
    // Less than what V8 would let lie by itself.
    for (let bytes = 0; bytes < 16 * MB; bytes += PIECE) Buffer.allocUnsafeSlow(PIECE);
    passed(16 * MB);
    await eventually(() => {
      expect(process.memoryUsage().arrayBuffers - before).to.be.lessThan(4 * MB);
    });
    expect(globalThis.gc, 'nobody else gets it').to.equal(undefined);
  });
});

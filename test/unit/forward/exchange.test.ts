import { Writable } from 'node:stream';
import { expect } from 'chai';
import type { Dispatcher } from 'undici';
import { Ending } from '../../../src/core/ending.ts';
import { Exchange } from '../../../src/forward/exchange.ts';

describe('an exchange with upstream', () => {
  it('hands on no empty pieces, which undici shows whenever it goes on reading', async () => {
    const sizes: number[] = [];
    const client = new Writable({
      write(chunk: Buffer, _encoding, done) {
        sizes.push(chunk.length);
        done();
      },
    });
    const exchange = new Exchange({
      ending: new Ending(),
      toReply: (status) => ({ status, headers: {} }),
      onReply: () => client,
      bufferLimit: 0,
    });
    const controller = {} as Dispatcher.DispatchController;
    exchange.onRequestStart(controller);
    exchange.onResponseStart(controller, 200, {});
    for (const text of ['', 'one', '', 'three']) exchange.onResponseData(controller, Buffer.from(text));
    exchange.onResponseEnd();
    expect((await exchange.done).bytes).to.equal(8);
    expect(sizes).to.deep.equal([3, 5]);
  });
});

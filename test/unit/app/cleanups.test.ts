import { expect } from 'chai';
import { withCleanups } from '../../../src/app/cleanups.ts';
import type { Cleanups } from '../../../src/app/cleanups.ts';
import { createLog } from '../../../src/record/log.ts';

describe('cleaning up', () => {
  let done: string[];
  let lines: string[];
  const log = createLog({ level: 'error', destination: { write: (line) => void lines.push(line) } });

  beforeEach(() => {
    [done, lines] = [[], []];
  });

  function fill(cleanups: Cleanups): Cleanups {
    for (const name of ['first', 'second', 'third']) {
      cleanups.add(name, async () => {
        await new Promise(setImmediate);
        done.push(name);
      });
    }
    return cleanups;
  }

  it('undoes the last first, one after the other, and each once', async () => {
    const cleanups = await withCleanups(log, (given) => Promise.resolve(fill(given)));
    expect(done).to.deep.equal([]);
    await cleanups.run();
    await cleanups.run();
    expect(done).to.deep.equal(['third', 'second', 'first']);
  });

  it('keeps the order when it is asked twice at the same time, and both wait for all', async () => {
    const cleanups = await withCleanups(log, (given) => Promise.resolve(fill(given)));
    const both = [cleanups.run(), cleanups.run()];
    await both[1];
    expect(done).to.deep.equal(['third', 'second', 'first']);
    await both[0];
  });

  it('goes on after a step that fails, and logs its name and why', async () => {
    const cleanups = await withCleanups(log, (given) => Promise.resolve(given));
    cleanups.add('last', () => void done.push('last'));
    cleanups.add('Jupyter', () => Promise.reject(new Error('it does not end')));
    cleanups.add('listener', () => {
      throw new Error('not listening');
    });
    await cleanups.run();
    expect(done).to.deep.equal(['last']);
    expect(lines.join('')).to.contain('could not stop: listener').and.to.contain('not listening');
    expect(lines.join('')).to.contain('could not stop: Jupyter').and.to.contain('it does not end');
  });

  it('undoes what was done when starting fails, and passes the error on', async () => {
    const failed = await withCleanups(log, (cleanups) => {
      fill(cleanups);
      return Promise.reject(new Error('port in use'));
    }).catch((error: Error) => error.message);
    expect(failed).to.equal('port in use');
    expect(done).to.deep.equal(['third', 'second', 'first']);
  });
});

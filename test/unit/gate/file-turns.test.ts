/** Who may be at a file at the same time, and who goes next. */
import { expect } from 'chai';
import { canonicalPath } from '../../../src/core/canonical-path.ts';
import type { Classified } from '../../../src/core/classified.ts';
import { Ending } from '../../../src/core/ending.ts';
import { AppError } from '../../../src/core/errors.ts';
import { createFileTurns } from '../../../src/gate/file-turns.ts';
import type { FileTurn, FileTurns } from '../../../src/gate/file-turns.ts';

const PATH = canonicalPath('/a.ipynb');

describe('turns at a file', () => {
  let turns: FileTurns;
  let order: string[];
  beforeEach(() => {
    turns = createFileTurns({ exportReads: 20 });
    order = [];
  });

  function turn(route: string, change: Partial<Classified> = {}): FileTurn | undefined {
    return turns.of({ route, path: PATH, params: {}, ...change } as Classified);
  }

  /** Begins it, and notes `name` when it is on. */
  function begin(name: string, taken: FileTurn | undefined): FileTurn {
    if (taken === undefined) throw new Error('expected a turn');
    const begun = taken.begin();
    if (begun instanceof Promise) void begun.then(() => order.push(name));
    else order.push(name);
    return taken;
  }

  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('are shared by those who read, and kept from them by who saves', async () => {
    const first = begin('read 1', turn('contents.get'));
    const second = begin('read 2', turn('nbconvert.export'));
    const save = begin('save', turn('contents.save'));
    const third = begin('read 3', turns.reading(PATH));
    expect(order).to.deep.equal(['read 1', 'read 2']);
    first.end();
    await settle();
    expect(order).to.have.length(2);
    second.end();
    await settle();
    expect(order.slice(2), 'the save before who came after it').to.deep.equal(['save']);
    save.end();
    await settle();
    expect(order.slice(3)).to.deep.equal(['read 3']);
    third.end();
    begin('at once', turn('contents.save'));
    expect(order.at(-1)).to.equal('at once');
  });

  it('are one after the other for those who save', async () => {
    const first = begin('save', turn('contents.save'));
    begin('trust', turn('contents.trust'));
    begin('elsewhere', turn('contents.save', { path: canonicalPath('/b.ipynb') }));
    expect(order).to.deep.equal(['save', 'elsewhere']);
    first.end();
    first.end();
    await settle();
    expect(order.at(-1)).to.equal('trust');
  });

  it('are passed over by who gave up while they waited', async () => {
    const read = begin('read', turn('contents.get'));
    const givenUp = begin('given up', turn('contents.save'));
    begin('save', turn('contents.save'));
    givenUp.end();
    read.end();
    await settle();
    expect(order).to.deep.equal(['read', 'given up', 'save']);
  });

  it('end with the request before they begin and after they end, and not while Jupyter is at the file', () => {
    const gone = new AppError('CLIENT_GONE');
    const ends = Array.from({ length: 3 }, () => new Ending());
    const read = turns.reading(PATH);
    const [before, during, after] = ends.map((each) => read.outlasting(each));
    ends[0]?.end(gone);
    expect(before?.reason).to.equal(gone);
    void read.begin();
    ends[1]?.end(gone);
    expect(during?.reason).to.equal(undefined);
    read.end();
    expect(during?.reason).to.equal(gone);
    ends[2]?.end(gone);
    expect(after?.reason).to.equal(gone);
  });

  it('end with the gate', () => {
    const read = turns.reading(PATH);
    const ending = new Ending();
    const own = read.outlasting(ending);
    void read.begin();
    ending.end(new AppError('STOPPING'));
    expect(own.reason?.code).to.equal('STOPPING');
  });

  it('are kept by an export for no longer than it may take to read', async () => {
    begin('export', turn('nbconvert.run'));
    begin('save', turn('contents.save'));
    await settle();
    expect(order).to.deep.equal(['export']);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(order).to.deep.equal(['export', 'save']);
  });

  it('are taken where Jupyter parses a file, at the file that a copy is made of', () => {
    const source = canonicalPath('/source.ipynb');
    const subtree = { kind: 'copy', source, destination: PATH } as const;
    const copy = begin('copy', turn('contents.create', { subtree }));
    begin('save there', turn('contents.save'));
    begin('save it', turn('contents.save', { path: source }));
    expect(order).to.deep.equal(['copy', 'save there']);
    copy.end();
    expect(turn('contents.get', { params: { content: '0' } })).to.equal(undefined);
    expect(turn('contents.create'), 'an empty one').to.equal(undefined);
    expect(turn('files.get')).to.equal(undefined);
    expect(turn('contents.get', { path: '' })).to.equal(undefined);
  });
});

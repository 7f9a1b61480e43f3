import { expect } from 'chai';
import { canonicalPath } from '../../../src/core/canonical-path.ts';
import type { FileWrite } from '../../../src/core/file-writers.ts';
import type { StoreContext } from '../store-suite.ts';

const PEOPLE = ['ada', 'bob', 'cleo'];

export function writerTests(context: StoreContext): void {
  const path = (text: string) => canonicalPath(text);
  const write = (
    subject: string,
    kind: Exclude<FileWrite['kind'], 'move' | 'copy'>,
    at: string,
  ): FileWrite => ({
    kind,
    subject,
    path: path(at),
  });
  const carry = (subject: string, kind: 'move' | 'copy', from: string, to: string): FileWrite => ({
    kind,
    subject,
    source: path(from),
    path: path(to),
  });
  async function done(asked: FileWrite): Promise<void> {
    const under = await context.store.writers.begin(asked);
    await under.end('done');
  }
  const save = (subject: string, at: string) => done(write(subject, 'save', at));
  async function hands(at: string, ...asked: string[]): Promise<string[]> {
    const found: string[] = [];
    for (const person of asked.length > 0 ? asked : PEOPLE)
      if (await context.store.writers.mayHaveWritten(person, path(at))) found.push(person);
    return found;
  }

  it('names who saved last, and nobody where nobody did', async () => {
    expect(await hands('/a.ipynb')).to.deep.equal([]);
    await save('ada', '/a.ipynb');
    expect(await hands('/a.ipynb')).to.deep.equal(['ada']);
    expect(await hands('/b.ipynb')).to.deep.equal([]);
    await save('bob', '/a.ipynb');
    expect(await hands('/a.ipynb')).to.deep.equal(['bob']);
    await save('ada', '/a.ipynb');
    await save('ada', '/a.ipynb');
    await context.reopen();
    expect(await hands('/a.ipynb')).to.deep.equal(['ada']);
  });

  it('names who is about to save before anything is written', async () => {
    const under = await context.store.writers.begin(write('ada', 'save', '/a.ipynb'));
    expect(await hands('/a.ipynb')).to.deep.equal(['ada']);
    await under.end('refused');
    expect(await hands('/a.ipynb')).to.deep.equal([]);
  });

  it('names both of two who save at the same time, whoever ends first', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      for (const settled of ['', 'ada']) {
        const at = `/${order.join('')}${settled}.ipynb`;
        if (settled !== '') await save(settled, at);
        const both = [
          await context.store.writers.begin(write('ada', 'save', at)),
          await context.store.writers.begin(write('bob', 'save', at)),
        ];
        for (const index of order) await both[index]?.end('done');
        expect(await hands(at), at).to.deep.equal(['ada', 'bob']);
        await save('cleo', at);
        expect(await hands(at), at).to.deep.equal(['cleo']);
      }
    }
  });

  it('keeps the writer of a save whose end nobody knows, and of the one before it', async () => {
    await save('bob', '/a.ipynb');
    await (await context.store.writers.begin(write('ada', 'save', '/a.ipynb'))).end('unknown');
    expect(await hands('/a.ipynb')).to.deep.equal(['ada', 'bob']);
  });

  it('names all who edit a part of it, until somebody saves the whole', async () => {
    await save('ada', '/a.ipynb');
    const editing = await context.store.writers.begin(write('bob', 'edit', '/a.ipynb'));
    expect(await hands('/a.ipynb')).to.deep.equal(['ada', 'bob']);
    await editing.end('done');
    await done(write('bob', 'edit', '/a.ipynb'));
    expect(await hands('/a.ipynb')).to.deep.equal(['ada', 'bob']);
    await save('cleo', '/a.ipynb');
    expect(await hands('/a.ipynb')).to.deep.equal(['cleo']);
  });

  it('lets the writers go along with a file that is moved or copied, and the mover with it', async () => {
    await save('ada', '/home/a.ipynb');
    await done(carry('bob', 'move', '/home/a.ipynb', '/pub/b.ipynb'));
    expect(await hands('/pub/b.ipynb')).to.deep.equal(['ada', 'bob']);
    expect(await hands('/home/a.ipynb')).to.deep.equal([]);
    await save('bob', '/pub/b.ipynb');
    expect(await hands('/pub/b.ipynb')).to.deep.equal(['bob']);
    await save('ada', '/home/a.ipynb');
    const under = await context.store.writers.begin(
      carry('bob', 'copy', '/home/a.ipynb', '/pub/a-Copy1.ipynb'),
    );
    expect(await hands('/pub/a-Copy1.ipynb'), 'before it is there').to.deep.equal(['ada', 'bob']);
    await under.end('done');
    expect(await hands('/pub/a-Copy1.ipynb')).to.deep.equal(['ada', 'bob']);
    expect(await hands('/pub/c.ipynb')).to.deep.equal([]);
    await save('cleo', '/pub/a-Copy1.ipynb');
    expect(await hands('/pub/a-Copy1.ipynb')).to.deep.equal(['cleo']);
  });

  it('lets the writers go along with a directory, and nobody else be named by it', async () => {
    await save('ada', '/home/ada/x/a.ipynb');
    await save('cleo', '/home/adam.ipynb');
    await done(carry('bob', 'move', '/home/ada', '/pub/week'));
    expect(await hands('/pub/week/x/a.ipynb')).to.deep.equal(['ada', 'bob']);
    expect(await hands('/pub/weekend.ipynb')).to.deep.equal([]);
    expect(await hands('/home/adam.ipynb')).to.deep.equal(['cleo']);
    await save('cleo', '/pub/week/x/a.ipynb');
    expect(await hands('/pub/week/x/a.ipynb')).to.deep.equal(['cleo']);
    expect(await hands('/pub/week/x/b.ipynb')).to.deep.equal(['ada', 'bob']);
    await done(carry('cleo', 'copy', '/pub/week', '/more/week'));
    expect(await hands('/more/week/x/a.ipynb')).to.deep.equal(['ada', 'bob', 'cleo']);
  });

  it('lets the writers of a checkpoint come back with it', async () => {
    await save('ada', '/a.ipynb');
    await done(write('ada', 'checkpoint', '/a.ipynb'));
    await save('bob', '/a.ipynb');
    expect(await hands('/a.ipynb')).to.deep.equal(['bob']);
    await done(carry('bob', 'move', '/a.ipynb', '/b.ipynb'));
    expect(await hands('/b.ipynb')).to.deep.equal(['bob']);
    await done(write('bob', 'restore', '/b.ipynb'));
    expect(await hands('/b.ipynb')).to.deep.equal(['ada', 'bob']);
    await save('bob', '/b.ipynb');
    expect(await hands('/b.ipynb')).to.deep.equal(['bob']);
  });

  it('lets everybody come back who ever wrote it when a fork is merged, wherever it was moved', async () => {
    await save('ada', '/d/a.ipynb');
    await save('bob', '/d/a.ipynb');
    await save('cleo', '/d/a.ipynb');
    expect(await hands('/d/a.ipynb')).to.deep.equal(['cleo']);
    await done(carry('dora', 'move', '/d/a.ipynb', '/d/b.ipynb'));
    await done(carry('dora', 'move', '/d', '/e'));
    expect(await hands('/e/b.ipynb', 'ada', 'bob', 'cleo', 'dora')).to.deep.equal(['cleo', 'dora']);
    const merging = await context.store.writers.begin(write('dora', 'merge', '/e/b.ipynb'));
    expect(await hands('/e/b.ipynb'), 'before it is done').to.deep.equal(PEOPLE);
    await merging.end('done');
    await context.reopen();
    expect(await hands('/e/b.ipynb', ...PEOPLE, 'dora')).to.deep.equal([...PEOPLE, 'dora']);
    await save('eve', '/e/b.ipynb');
    expect(await hands('/e/b.ipynb', ...PEOPLE, 'dora', 'eve')).to.deep.equal(['eve']);
  });

  it('takes back what was said about a move or a copy that was refused', async () => {
    await save('ada', '/home/a.ipynb');
    for (const asked of [
      carry('bob', 'move', '/home/a.ipynb', '/pub/a.ipynb'),
      carry('bob', 'copy', '/home/a.ipynb', '/pub'),
    ]) {
      const under = await context.store.writers.begin(asked);
      expect(await hands('/pub/a.ipynb')).to.deep.equal(['ada', 'bob']);
      await under.end('refused');
      expect(await hands('/pub/a.ipynb')).to.deep.equal([]);
    }
    expect(await hands('/home/a.ipynb')).to.deep.equal(['ada']);
  });

  it('forgets the writers of what is deleted, but not who saves meanwhile', async () => {
    await save('ada', '/d/a.ipynb');
    const removal = await context.store.writers.begin(write('bob', 'delete', '/d'));
    const saving = await context.store.writers.begin(write('ada', 'save', '/d/a.ipynb'));
    await removal.end('done');
    await saving.end('done');
    expect(await hands('/d/a.ipynb')).to.deep.equal(['ada']);
    await done(write('bob', 'delete', '/d'));
    expect(await hands('/d/a.ipynb')).to.deep.equal([]);
  });

  it('counts guests as one person', async () => {
    await save('guest:1', '/a.ipynb');
    expect(await hands('/a.ipynb', 'guest:2', 'ada')).to.deep.equal(['guest:2']);
  });
}

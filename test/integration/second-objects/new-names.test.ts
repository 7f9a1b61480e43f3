/** What is created without a name: the gate chooses it, so the rule about that very path decides. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';

describe('what is created without a name', function () {
  this.timeout(120_000);
  let gate: RunningGate;
  let ada: string;
  let fay: string;

  before(async () => {
    gate = await startGate();
    [ada, fay] = [await gate.person('ada'), await gate.person('fay', 'full')];
    for (const file of ['pub/a.txt', 'pub/n.ipynb', 'pub/c.tar.gz', 'pub/dir/below.txt', 'inbox/old.txt']) {
      await mkdir(join(gate.notebooks, file, '..'), { recursive: true });
      await writeFile(join(gate.notebooks, file), file.endsWith('ipynb') ? NOTEBOOK : 'text');
    }
    for (const fields of [
      { act: 'read|write', path: '/pub/**' },
      { act: 'write', path: '/pub/untitled1.txt', eft: 'deny' },
      { act: 'write', path: '/pub/locked-Copy1.txt', eft: 'deny' },
      { act: 'write', path: '/pub/dir-Copy1/below.txt', eft: 'deny' },
      { act: 'write', path: '/inbox/Untitled.ipynb' },
    ]) {
      const made = await gate.admin('POST', '/rules', { fields: { sub: 'ada', res: 'contents', ...fields } });
      expect(made.status, JSON.stringify(made.body)).to.equal(201);
    }
  });
  after(() => gate?.stop());

  interface Made {
    readonly status: number;
    readonly path: string | undefined;
    readonly location: string | null;
  }
  const make = async (token: string, directory: string, body: object): Promise<Made> => {
    const answer = await gate.as(token, 'POST', `/api/contents/${directory}`, body);
    const { path } = (await answer.json()) as { path?: string };
    return { status: answer.status, path, location: answer.headers.get('location') };
  };
  /** Without the checkpoints of notebooks. */
  const entries = async (directory: string) =>
    (await readdir(join(gate.notebooks, directory))).filter((name) => !name.startsWith('.'));
  const there = (path: string) => existsSync(join(gate.notebooks, path));

  it('is refused when the name it would get may not be written, and is not there', async () => {
    expect(await make(ada, 'pub', { type: 'file', ext: '.txt' })).to.include({
      status: 201,
      path: 'pub/untitled.txt',
    });
    expect((await make(ada, 'pub', { type: 'file', ext: '.txt' })).status).to.equal(403);
    expect(there('pub/untitled1.txt')).to.equal(false);
    await writeFile(join(gate.notebooks, 'pub/locked.txt'), 'text');
    expect((await make(ada, 'pub', { copy_from: 'pub/locked.txt' })).status).to.equal(403);
    expect(there('pub/locked-Copy1.txt')).to.equal(false);
    // Of a directory everything below it, where it would be.
    expect((await make(ada, 'pub', { copy_from: 'pub/dir' })).status).to.equal(403);
    expect(there('pub/dir-Copy1')).to.equal(false);
  });

  it('needs no more than a right to that name', async () => {
    expect((await make(ada, 'inbox', { type: 'notebook' })).status).to.equal(201);
    // The next name is another one, and a directory that may not be seen is not there.
    expect((await make(ada, 'inbox', { type: 'notebook' })).status).to.equal(404);
    expect((await make(ada, 'inbox', { type: 'file' })).status).to.equal(404);
    expect(await entries('inbox')).to.have.members(['Untitled.ipynb', 'old.txt']);
  });

  it('gets the name that Jupyter would give it', async () => {
    const names = async (body: object) => {
      const { status, path, location } = await make(fay, 'pub', body);
      expect(status, path).to.equal(201);
      expect(location).to.equal(`/api/contents/${path?.replace(' ', '%20').replace(' ', '%20')}`);
      return path;
    };
    expect(await names({ type: 'notebook' })).to.equal('pub/Untitled.ipynb');
    expect(await names({ type: 'notebook' })).to.equal('pub/Untitled1.ipynb');
    expect(await names({ type: 'directory' })).to.equal('pub/Untitled Folder');
    expect(await names({ type: 'directory' })).to.equal('pub/Untitled Folder 1');
    expect(await names({ copy_from: 'pub/a.txt' })).to.equal('pub/a-Copy1.txt');
    expect(await names({ copy_from: 'pub/a-Copy1.txt' })).to.equal('pub/a-Copy2.txt');
    expect(await names({ copy_from: 'pub/n.ipynb' })).to.equal('pub/n-Copy1.ipynb');
    expect(await names({ copy_from: 'pub/c.tar.gz' })).to.equal('pub/c-Copy1.tar.gz');
    expect(await names({ copy_from: 'inbox/old.txt' })).to.equal('pub/old.txt');
    expect(await names({ copy_from: 'pub/dir' })).to.equal('pub/dir-Copy1');
    expect(await readFile(join(gate.notebooks, 'pub/dir-Copy1/below.txt'), 'utf8')).to.equal('text');
    expect(await readFile(join(gate.notebooks, 'pub/a-Copy2.txt'), 'utf8')).to.equal('text');
    const notebook = JSON.parse(await gate.readNotebook('pub/Untitled.ipynb')) as { nbformat: number };
    expect(notebook.nbformat).to.equal(4);
  });

  it('is one for each when several people create at once', async () => {
    await mkdir(join(gate.notebooks, 'pub/crowd'));
    const made = await Promise.all(
      Array.from({ length: 8 }, () => make(fay, 'pub/crowd', { type: 'notebook' })),
    );
    expect(made.map(({ status }) => status)).to.deep.equal(Array.from({ length: 8 }, () => 201));
    expect(new Set(made.map(({ path }) => path)).size).to.equal(8);
    expect(await entries('pub/crowd')).to.have.length(8);
  });

  it('goes into nothing but a directory that is there', async () => {
    expect((await make(fay, 'pub/nowhere', { type: 'file' })).status).to.equal(404);
    expect((await make(fay, 'pub/a.txt', { type: 'file' })).status).to.be.within(400, 499);
  });
});

const NOTEBOOK = JSON.stringify({ cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 });

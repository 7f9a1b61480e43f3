import { expect } from 'chai';
import { createPresenter } from '../../../src/present/create-presenter.ts';
import type { Asker } from '../../../src/present/presenter.ts';
import { at, classified, jsonOf, openStage, person, reply } from '../../support/presenting.ts';
import type { Stage } from '../../support/presenting.ts';

interface Model {
  readonly path: string;
  readonly writable: boolean;
  readonly content: readonly Model[] | null;
}

const child = (path: string, type: string) => ({ name: path, path, content: null, writable: true, type });
const directory = (path: string, content: readonly unknown[]) => ({
  name: path,
  path,
  content,
  format: 'json',
  writable: true,
  hash: null,
  hash_algorithm: null,
  type: 'directory',
});
/** Text of a notebook's model as jupyter_server writes it, with `content` in the middle. */
const notebookText = (content: string, writable = 'true'): string =>
  `{"name": "a.ipynb", "path": "pub/a.ipynb", "content": ${content}, "format": "json", "mimetype": null, "size": 1, ` +
  `"writable": ${writable}, "hash": "bd0a", "hash_algorithm": "sha256", "type": "notebook"}`;

describe('present contents', () => {
  let stage: Stage;
  let viewer: Asker;
  let editor: Asker;
  before(async () => {
    stage = await openStage();
    viewer = person({ subject: 'vera', rules: ['contents read /pub/**'] }, stage.store.objects);
    editor = person(
      { subject: 'ed', rules: ['contents read /**', 'contents write /pub/**'] },
      stage.store.objects,
    );
  });
  after(() => stage.close());

  const show = (asker: Asker, body: unknown, path: string) =>
    stage.presenter.rewrite(
      classified('contents', { resource: 'contents', path: at(path) }),
      asker,
      reply(body),
    );

  it('says `writable` as the policy does, for the model and each child', async () => {
    const body = directory('', [child('pub', 'directory'), child('t.txt', 'file')]);
    const model: Model = jsonOf(await show(editor, body, '/'));
    expect(model.writable).to.equal(false);
    expect(model.content?.map((entry) => [entry.path, entry.writable])).to.deep.equal([
      ['pub', true],
      ['t.txt', false],
    ]);
  });

  it('waits for nothing where the model of a file ends as usual', () => {
    const model = reply(notebookText('{}'));
    const about = classified('contents', { resource: 'contents', path: at('/pub/a.ipynb') });
    const prompt: Asker = { ...editor, may: () => true };
    expect(createPresenter(stage.deps).rewrite(about, prompt, model)).not.to.be.instanceOf(Promise);
  });

  it('shows a directory that leads to what may be read, and nothing of a file at its place', async () => {
    const body = directory('', [
      child('pub', 'directory'),
      child('secret', 'directory'),
      child('t.txt', 'file'),
    ]);
    const model: Model = jsonOf(await show(viewer, body, '/'));
    expect(model.content?.map((entry) => entry.path)).to.deep.equal(['pub']);
    const file = { ...child('', 'file'), content: 'secret' };
    const refused = await show(viewer, file, '/').catch((error: { code: string }) => error.code);
    expect(refused).to.equal('NOT_FOUND');
  });

  it('never says `writable` where the file system does not', async () => {
    const body = directory('pub', [{ ...child('pub/a.txt', 'file'), writable: false }]);
    const model: Model = jsonOf(await show(editor, body, '/pub'));
    expect(model.content?.[0]?.writable).to.equal(false);
  });

  it('lets nobody read a file because something below its path could be read', async () => {
    const deep = person({ subject: 'd', rules: ['contents read /a/b/**'] }, stage.store.objects);
    const refused = await show(deep, child('a', 'file'), '/a').catch((error: unknown) => error);
    expect(refused).to.have.property('code', 'NOT_FOUND');
    const notebook = await show(deep, notebookText('{}'), '/a').catch((error: unknown) => error);
    expect(notebook).to.have.property('code', 'NOT_FOUND');
    expect(jsonOf(await show(deep, directory('a', []), '/a'))).to.have.property('path', 'a');
  });

  it('leaves out children that may not be read, but keeps directories that lead somewhere', async () => {
    const deep = person({ subject: 'd', rules: ['contents read /a/b/**'] }, stage.store.objects);
    const body = directory('', [child('a', 'directory'), child('priv', 'directory'), child('t.txt', 'file')]);
    const model: Model = jsonOf(await show(deep, body, '/'));
    expect(model.content?.map((entry) => entry.path)).to.deep.equal(['a']);
  });

  it('leaves out a file whose name has no canonical form', async () => {
    const body = directory('pub', [child('pub/back\\slash', 'file'), child('pub/ok', 'file')]);
    const model: Model = jsonOf(await show(viewer, body, '/pub'));
    expect(model.content?.map((entry) => entry.path)).to.deep.equal(['pub/ok']);
  });

  it('lowers `writable` of a notebook and leaves every other byte', async () => {
    const content = '{"n": 12345678901234567890, "writable": true, "f": 1.0}';
    const answer = await show(viewer, notebookText(content), '/pub/a.ipynb');
    expect(answer.body.toString()).to.equal(notebookText(content, 'false'));
  });

  it('is not led astray by a file that ends like a model', async () => {
    const inside = JSON.stringify(
      'x, "writable": true, "hash": null, "hash_algorithm": null, "type": "file"}',
    );
    const text = `{"path": "pub/a.ipynb", "writable": true, "type": "file", "content": ${inside}}`;
    const model: Model = jsonOf(await show(viewer, text, '/pub/a.ipynb'));
    expect(model.writable).to.equal(false);
  });

  it('passes a notebook that may be written byte for byte', async () => {
    const text = notebookText('{"n": 12345678901234567890}');
    expect((await show(editor, text, '/pub/a.ipynb')).body.toString()).to.equal(text);
  });

  it('asks for the path in the reply when something was created', async () => {
    const created = { ...child('pub/Untitled.ipynb', 'notebook'), writable: true };
    const asked = classified('contents', { resource: 'contents', action: 'write', path: at('/pub') });
    const answer = await stage.presenter.rewrite(asked, viewer, reply(created, { status: 201 }));
    expect(answer.status).to.equal(201);
    expect(jsonOf<Model>(answer).writable).to.equal(false);
  });

  it('drops validators and forbids keeping the answer', async () => {
    const { headers } = await show(viewer, notebookText('{}'), '/pub/a.ipynb');
    expect(headers).to.not.have.any.keys('etag', 'content-length', 'last-modified');
    expect(headers).to.include({ 'cache-control': 'no-store', vary: 'Cookie, Authorization' });
  });

  it('refuses a model it cannot read', async () => {
    const failed = await show(viewer, 'not json', '/pub').catch((error: unknown) => error);
    expect(failed).to.have.property('code', 'UPSTREAM_FAILED');
  });

  it('passes the empty answer to a deletion', async () => {
    const answer = await stage.presenter.rewrite(
      classified('contents', { resource: 'contents', action: 'write', path: at('/pub/a') }),
      editor,
      { status: 204, headers: {}, body: Buffer.alloc(0) },
    );
    expect(answer.status).to.equal(204);
  });
});

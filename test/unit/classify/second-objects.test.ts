import { expect } from 'chai';
import { classify, detailOf, inShort, outcome } from '../../support/classify.ts';

const K = '4bb7ca3f-5cd6-4a9c-8f0a-0c53ab3b2c11';
const S = '0c8c5a1d-2a1e-4a5c-9d0c-3d1f5b7a9e33';
const U = '7d9b1c8e-53b1-4f0e-b1c6-c2f4be7f9a44';

function asked(line: string, body: unknown): readonly string[] {
  return classify(line, body).questions.map(inShort);
}

function code(line: string, body: unknown): string {
  return outcome(() => classify(line, body));
}

describe('the second objects of a body', () => {
  it('keeps a new file inside its directory, whatever the extension says', () => {
    for (const ext of [
      '/../../priv/x.txt',
      '.txt/../../priv/y',
      '..',
      '.a..b',
      '.tar/gz',
      '.',
      '.txt\n',
      `.${'a'.repeat(40)}`,
      '.é',
    ]) {
      expect(code('POST /api/contents/pub', { type: 'file', ext }), ext).to.equal('BODY_INVALID');
    }
    for (const ext of ['.txt', 'txt', '.tar.gz', '.ipynb', '.R', '.c-1_x', '']) {
      expect(code('POST /api/contents/pub', { ext }), ext).to.equal('contents.create /api/contents/pub');
    }
  });

  it('asks for both ends of a copy and of a rename in canonical form', () => {
    expect(asked('POST /api/contents/pub', { copy_from: 'priv//' })).to.deep.equal([
      'write contents /pub/priv',
      'read contents /priv',
    ]);
    expect(code('POST /api/contents/pub', { copy_from: 'pub/../priv' })).to.equal('PATH_INVALID');
    expect(code('PATCH /api/contents/pub/a', { path: '../priv/a' })).to.equal('PATH_INVALID');
    expect(code('PATCH /api/contents/pub/a', { path: 'x\\y' })).to.equal('PATH_INVALID');
    expect(code('PATCH /api/contents/pub/a', { path: '\ud800' })).to.equal('PATH_INVALID');
    expect(code('PATCH /api/contents/pub/a', {})).to.equal('BODY_INVALID');
    expect(code('PATCH /api/contents/pub/a', undefined)).to.equal('BODY_INVALID');
    expect(classify('PATCH /api/contents/pub/a', { path: '/b/' }).params).to.deep.equal({
      path: '/pub/a',
      destination: '/b',
    });
  });

  it('copies no directory into itself, which would not end', () => {
    for (const from of ['pub', '/pub', 'pub/sub', 'pub/sub/', '/'])
      expect(code('POST /api/contents/pub/sub', { copy_from: from }), from).to.equal('BODY_INVALID');
    for (const from of ['pub/su', 'pub/sub/a.txt', 'pub/subs', 'other'])
      expect(asked('POST /api/contents/pub/sub', { copy_from: from }), from).to.have.length(2);
    expect(code('POST /api/contents', { copy_from: '/' })).to.equal('BODY_INVALID');
    expect(asked('POST /api/contents', { copy_from: 'pub' })).to.have.length(2);
  });

  it('takes a made-up event for what it says was done, and no event it does not know', () => {
    const emit = (schema: string, data: unknown) =>
      code('POST /api/events', {
        schema_id: `https://events.jupyter.org/jupyter_server/${schema}`,
        version: '1',
        data,
      });
    expect(emit('contents_service/v1', { action: 'rename', path: 'a', source_path: '../b' })).to.equal(
      'PATH_INVALID',
    );
    expect(emit('contents_service/v1', { action: 'format', path: 'a' })).to.equal('BODY_INVALID');
    expect(emit('contents_service/v1', { action: 'save' })).to.equal('BODY_INVALID');
    expect(emit('contents_service/v1', { action: 'save', path: 'a', other: 'b' })).to.equal('BODY_INVALID');
    expect(emit('kernel_actions/v1', { action: 'start', msg: '' })).to.equal('BODY_INVALID');
    expect(emit('gateway_client/v1', { status: 'error', msg: '' })).to.equal('BODY_INVALID');
    expect(emit('contents_service/v2', { action: 'save', path: 'a' })).to.equal('BODY_INVALID');
    const sent = classify('POST /api/events', {
      schema_id: 'https://events.jupyter.org/jupyter_server/contents_service/v1',
      version: '1',
      data: { action: 'rename', path: '/b/', source_path: 'a' },
    });
    expect(JSON.parse(sent.body ?? '')).to.have.deep.property('data', {
      action: 'rename',
      path: 'b',
      source_path: 'a',
    });
  });

  it('asks for what is created under the name that it would get', () => {
    const path = (body?: unknown) => asked('POST /api/contents/pub', body)[0];
    expect(path()).to.equal('write contents /pub/untitled');
    expect(path({ type: 'notebook', ext: '.txt' })).to.equal('write contents /pub/Untitled.ipynb');
    expect(path({ ext: '.ipynb' })).to.equal('write contents /pub/Untitled.ipynb');
    expect(path({ type: 'directory' })).to.equal('write contents /pub/Untitled Folder');
    expect(path({ copy_from: 'x/y-Copy12.tar.gz' })).to.equal('write contents /pub/y.tar.gz');
    expect(asked('POST /api/contents', { type: 'file' })).to.deep.equal(['write contents /untitled']);
    expect(code('POST /api/contents/pub', { copy_from: '/' })).to.equal('BODY_INVALID');
  });

  it('names the unknown field and the ones it knows', () => {
    expect(detailOf(() => classify('POST /api/contents/pub', { typ: 'file' }))).to.equal(
      'expected only `type`, `ext`, `copy_from`, `path`, received `typ`',
    );
    expect(detailOf(() => classify('POST /api/kernels', { name: 3 }))).to.equal(
      '`name`: expected string, received number',
    );
    expect(detailOf(() => classify('POST /api/contents/pub', { content: 'x' }))).to.include('use PUT');
    expect(code('POST /api/contents/pub', [])).to.equal('BODY_INVALID');
    expect(code('POST /api/contents/a/trust', { path: 'b' })).to.equal('BODY_INVALID');
  });

  it('lets nobody attach to a kernel or change its environment by starting one', () => {
    expect(code('POST /api/kernels', { name: 'python3', kernel_id: K })).to.equal('BODY_INVALID');
    expect(detailOf(() => classify('POST /api/kernels', { kernel_id: K }))).to.include(
      'the server chooses the id',
    );
    expect(code('POST /api/kernels', { env: { PATH: '/x' } })).to.equal('BODY_INVALID');
    expect(code('POST /api/kernels', { path: '../../etc' })).to.equal('PATH_INVALID');
    expect(code('POST /api/kernels', { name: '../x' })).to.equal('BODY_INVALID');
  });

  it('asks who chooses the program of a terminal whether they may execute on the server', () => {
    const shell = classify('POST /api/terminals', { shell_command: ['/bin/sh', '-c', 'id'], name: '7' });
    expect(shell.body).to.equal('{"shell_command":["/bin/sh","-c","id"]}');
    expect(shell.questions.map(({ res, act }) => `${act} ${res}`)).to.deep.equal([
      'execute terminals',
      'execute server',
    ]);
    for (const command of ['sh', [], [1], ['a\0b'], [['sh']], {}])
      expect(code('POST /api/terminals', { shell_command: command }), JSON.stringify(command)).to.equal(
        'BODY_INVALID',
      );
    expect(classify('POST /api/terminals', {}).questions.length).to.equal(1);
    expect(code('POST /api/terminals', { extra_env: { A: 'b' } })).to.equal('BODY_INVALID');
    expect(code('POST /api/terminals', { cwd: '../..' })).to.equal('PATH_INVALID');
    expect(code('POST /api/terminals', { name: 'a/b' })).to.equal('BODY_INVALID');
    expect(classify('POST /api/terminals', { cwd: '' }).body).to.equal('{}');
  });

  it('asks about the notebook behind the placeholder of a session', () => {
    const notebookOf = (body: object) =>
      classify('POST /api/sessions', { type: 'notebook', ...body }).params['notebook'];
    expect(notebookOf({ path: `pub/${U}`, name: 'open.ipynb' })).to.equal('/pub/open.ipynb');
    expect(notebookOf({ path: U, name: 'open.ipynb' })).to.equal('/open.ipynb');
    expect(notebookOf({ path: `pub/${U}` })).to.equal('/pub');
    for (const name of ['', '..', '.', 'a/b', '/etc/passwd', 'x\\y']) {
      expect(notebookOf({ path: `pub/${U}`, name }), name).to.equal('/pub');
    }
    expect(notebookOf({ path: `pub/console-1-${U}`, name: 'Console 1' })).to.equal(`/pub/console-1-${U}`);
    expect(notebookOf({ path: `pub/${U}.ipynb`, name: 'open.ipynb' })).to.equal(`/pub/${U}.ipynb`);
    expect(code('POST /api/sessions', { path: `../${U}`, name: 'a', type: 'notebook' })).to.equal(
      'PATH_INVALID',
    );
    expect(code('POST /api/sessions', { path: 'a', name: 'b\u0000', type: 'notebook' })).to.equal(
      'BODY_INVALID',
    );
  });

  it('asks for the kernel a session attaches to', () => {
    const body = { path: 'a.ipynb', type: 'notebook', kernel: { id: K, name: 'python3' } };
    expect(asked('POST /api/sessions', body)).to.include(`execute kernels kernel:${K}`);
    expect(asked('POST /api/sessions', body)).to.include(`read kernels kernel:${K}`);
    expect(asked(`PATCH /api/sessions/${S}`, { kernel: { id: K } })).to.include(
      `execute kernels kernel:${K}`,
    );
    expect(code('POST /api/sessions', { ...body, kernel: { id: '../x' } })).to.equal('BODY_INVALID');
    expect(code('POST /api/sessions', { ...body, kernel: { name: 'x', env: {} } })).to.equal('BODY_INVALID');
    expect(detailOf(() => classify('POST /api/sessions', { ...body, kernel: { env: {} } }))).to.equal(
      '`kernel`: unknown field `env`',
    );
  });

  it('does what upstream does with the legacy `notebook`, and sends none on', () => {
    const both = classify('POST /api/sessions', {
      path: 'pub/a.ipynb',
      type: 'x',
      notebook: { path: 'b.ipynb', name: 'priv/c.ipynb' },
    });
    expect(both.params['notebook']).to.equal('/priv/c.ipynb');
    expect(JSON.parse(both.body ?? '')).to.deep.equal({ path: 'priv/c.ipynb', type: 'notebook' });
    const change = classify(`PATCH /api/sessions/${S}`, {
      path: 'pub/a.ipynb',
      notebook: { path: 'priv/c.ipynb', name: 'x' },
    });
    expect(change.params['notebook']).to.equal('/priv/c.ipynb');
    expect(JSON.parse(change.body ?? '')).to.deep.equal({ path: 'priv/c.ipynb', type: 'notebook' });
  });

  it('takes what the classic notebook sends when a notebook is renamed', () => {
    const { questions, body } = classify(`PATCH /api/sessions/${S}`, {
      path: 'b.ipynb',
      type: 'notebook',
      name: '',
      kernel: { id: K, name: 'python3' },
    });
    expect(questions.map(inShort)).to.deep.equal([
      `write sessions session:${S}`,
      'read contents /b.ipynb',
      'execute kernels /b.ipynb +new',
      `execute kernels kernel:${K}`,
    ]);
    expect(JSON.parse(body ?? '')).to.deep.equal({
      path: 'b.ipynb',
      type: 'notebook',
      name: '',
      kernel: { id: K },
    });
  });

  it('refuses a session body that contradicts its address or says too little', () => {
    expect(code(`PATCH /api/sessions/${S}`, { id: K })).to.equal('BODY_INVALID');
    expect(code('POST /api/sessions', undefined)).to.equal('BODY_INVALID');
    expect(code('POST /api/sessions', { type: 'notebook' })).to.equal('BODY_INVALID');
    expect(code('POST /api/sessions', { path: 'a' })).to.equal('BODY_INVALID');
  });

  it('refuses a workspace saved under another name', () => {
    expect(code('PUT /lab/api/workspaces/a', { data: {}, metadata: { id: 'b' } })).to.equal('BODY_INVALID');
    expect(code('PUT /lab/api/workspaces/a', { data: {} })).to.equal('BODY_INVALID');
  });
});

describe('the subtree of an operation on a directory', () => {
  it('has the source and where it goes, and is left out where nothing lies below', () => {
    const subtree = (line: string, body?: unknown) => classify(line, body).subtree;
    expect(subtree('DELETE /api/contents/pub/a')).to.deep.equal({
      kind: 'delete',
      source: '/pub/a',
      destination: '/pub/a',
    });
    expect(subtree('PATCH /api/contents/pub/a', { path: 'b/c' })).to.deep.equal({
      kind: 'move',
      source: '/pub/a',
      destination: '/b/c',
    });
    expect(subtree('POST /api/contents/pub', { copy_from: 'x/y-Copy1.d' })).to.deep.equal({
      kind: 'copy',
      source: '/x/y-Copy1.d',
      destination: '/pub/y.d',
    });
    expect(subtree('POST /api/contents/pub', { type: 'file' })).to.equal(undefined);
    expect(subtree('PUT /api/contents/pub/a')).to.equal(undefined);
  });
});

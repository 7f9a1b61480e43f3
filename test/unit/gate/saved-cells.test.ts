/** When a saved cell is looked for at all, how often Jupyter is asked, and who is never taken for somebody else. */
import { expect } from 'chai';
import { canonicalPath } from '../../../src/core/canonical-path.ts';
import type { Identity } from '../../../src/core/identity.ts';
import type { ObjectRecord, ObjectRegistry } from '../../../src/core/objects.ts';
import { createDecider } from '../../../src/decide/create-decider.ts';
import { createFileTurns } from '../../../src/gate/file-turns.ts';
import { createPolicyJudge } from '../../../src/gate/policy-judge.ts';
import { createQuestions } from '../../../src/gate/questions.ts';
import { createSavedCells } from '../../../src/gate/saved-cells/saved-cells.ts';
import type { CellAnswer } from '../../../src/gate/saved-cells/saved-cells.ts';
import type { KernelMessage } from '../../../src/inspect/kernel-message.ts';
import { grant, policy, rule } from '../../support/decide-policy.ts';

const PATH = canonicalPath('/pub/a b/checkpoints/a.ipynb');
const CLIENT = { address: '127.0.0.1', secure: false, origin: 'http://localhost' } as never;
const SAVED_ONLY = "r.own == r.sub && r.cell == 'saved'";
const LOOK = '/base/api/contents/pub/a%20b/%63heckpoints/a.ipynb?type=file&content=0&hash=0';
const READ = '/base/api/contents/pub/a%20b/%63heckpoints/a.ipynb?type=file&format=text&content=1&hash=0';

describe('a saved cell', () => {
  let asked: string[];
  let notebook: { readonly modified: string; readonly cells: unknown[]; readonly text?: string } | number;
  let wrote: boolean;
  let origin: string;
  let decider: ReturnType<typeof createDecider>;

  beforeEach(() => {
    [asked, wrote, origin] = [[], false, PATH];
    notebook = {
      modified: 'monday',
      cells: [code('x = 1'), code(['a\n', 'b']), { cell_type: 'markdown', source: 'text' }],
    };
    decider = createDecider({ clock: { now: () => 0 } }, { allowDefaultAllow: false });
  });

  const code = (source: unknown): object => ({ cell_type: 'code', source });

  /** The cells of one gate, asked as `ada` with these rules on `channels` and `contents`. */
  async function gate(
    ...rules: (readonly [act: string, res: string, cond?: string])[]
  ): Promise<(text: string) => Promise<CellAnswer>> {
    const rows = rules.map(([act, res, cond = 'true'], index) =>
      rule(index + 1, { sub: 'role:r', res, act, path: '**', cond }),
    );
    decider.swap(await decider.build(policy({ rules: rows, grants: [grant(1, 'ada', 'role:r')] })));
    const record = (): ObjectRecord => ({
      kind: 'kernel',
      id: 'k',
      server: 'default',
      owner: 'ada',
      path: PATH,
      origin: origin as ObjectRecord['origin'],
      kernelId: null,
      createdAt: 0,
    });
    const registry = { lookup: record } as unknown as ObjectRegistry;
    const questions = createQuestions({
      server: 'default',
      registry,
      judge: createPolicyJudge(decider),
      localTime: () => '2026-03-02T10:15:30+01:00',
    });
    const cells = createSavedCells({
      forwarder: { ask },
      fileTurns: createFileTurns(),
      questions,
      registry,
      writers: { mayHaveWritten: () => Promise.resolve(wrote) },
      baseUrl: '/base/',
    });
    const identity = { subject: 'ada', roles: null } as Identity;
    const kernel = { kind: 'kernel', id: 'k' } as const;
    return (text) => {
      const context = { identity, client: CLIENT };
      const question = {
        ...questions.complete({ res: 'channels', act: 'execute', path: '', object: kernel }, context),
        msg: 'execute_request',
      };
      return cells.ask(question, { message: request(text), kernel, context });
    };
  }

  function ask(_method: string, target: string): Promise<{ status: number; body: unknown }> {
    asked.push(target);
    if (typeof notebook === 'number') return Promise.resolve({ status: notebook, body: undefined });
    const { modified, cells, text = JSON.stringify({ cells, nbformat: 4 }) } = notebook;
    const content = target === READ ? text : null;
    return Promise.resolve({
      status: 200,
      body: { type: 'file', last_modified: modified, size: 1, content },
    });
  }

  function request(text: string): KernelMessage {
    const header = { msg_id: 'm', msg_type: 'execute_request' };
    return {
      channel: 'shell',
      header,
      parentHeader: {},
      metadata: { a: 1 },
      content: { code: text },
      buffers: [],
    };
  }

  it('is not looked for where no rule tells it from other code', async () => {
    const run = await gate(['read|execute', 'channels', "r.msg == 'execute_request'"]);
    expect((await run('anything')).verdict.allowed).to.equal(true);
    const refused = await gate(['read', 'channels']);
    expect((await refused('x = 1')).verdict.allowed).to.equal(false);
    expect(asked).to.deep.equal([]);
  });

  it('is not looked for by who may run anything as well, and their message stays as it is', async () => {
    const run = await gate(['execute', 'channels', SAVED_ONLY], ['execute', 'channels']);
    expect((await run('anything')).pass).to.deep.equal(request('anything'));
    expect(asked).to.deep.equal([]);
  });

  it('is known by the time of the file, read again when that moved, and on a miss', async () => {
    const run = await gate(['execute', 'channels', SAVED_ONLY], ['read', 'contents']);
    expect((await run('x = 1')).verdict.allowed).to.equal(true);
    expect(asked.splice(0)).to.deep.equal([READ]);
    expect((await run('a\nb')).question.cell).to.equal('saved');
    expect(asked.splice(0)).to.deep.equal([LOOK]);
    expect((await run('text')).verdict.allowed).to.equal(false);
    expect(asked.splice(0)).to.deep.equal([LOOK, READ]);
    notebook = { modified: 'tuesday', cells: [code('y = 2')] };
    expect((await run('x = 1')).why).to.match(/^This cell is not as it was saved/);
    expect(asked.splice(0)).to.deep.equal([LOOK, READ]);
    expect((await run('y = 2')).verdict.allowed).to.equal(true);
  });

  it('is not kept of a very large notebook, and still found in it', async () => {
    notebook = { modified: 'monday', cells: [code('x'.repeat(600_000)), code('x = 1')] };
    const run = await gate(['execute', 'channels', SAVED_ONLY], ['read', 'contents']);
    await run('x = 1');
    expect((await run('x = 1')).verdict.allowed).to.equal(true);
    expect(asked).to.deep.equal([READ, READ]);
  });

  it('is found in a notebook of the format before, and in none that is half written', async () => {
    const old = { nbformat: 3, worksheets: [{ cells: [{ cell_type: 'code', input: ['x', ' = 1'] }] }] };
    notebook = { modified: 'monday', cells: [], text: JSON.stringify(old) };
    const run = await gate(['execute', 'channels', SAVED_ONLY], ['read', 'contents']);
    expect((await run('x = 1')).verdict.allowed).to.equal(true);
    notebook = { modified: 'tuesday', cells: [], text: JSON.stringify(old).slice(0, -1) };
    expect((await run('x = 1')).why).to.match(/could not be read just now/);
  });

  it('is none of the asker’s own work, and none where nobody can say', async () => {
    const saved = ['execute', 'channels', SAVED_ONLY] as const;
    const readable = ['read', 'contents'] as const;
    const why = async (...rules: Parameters<typeof gate>): Promise<string> =>
      (await (await gate(...rules))('x = 1')).why ?? '';
    expect(await why(saved)).to.match(/^You may not read/);
    expect(await why(saved, readable, ['write', 'contents'])).to.match(/^You may change/);
    const broken = "ipMatch(r.path, '10.0.0.0/8')";
    expect(await why(saved, readable, ['write', 'contents', broken]), 'a condition that fails').to.match(
      /^You may change/,
    );
    wrote = true;
    expect(await why(saved, readable)).to.match(/^What you wrote may be in/);
    wrote = false;
    origin = '/pub/b.ipynb';
    expect(await why(saved, readable)).to.match(/^This kernel was not started for/);
    origin = PATH;
    expect(asked).to.deep.equal([]);
    notebook = 404;
    expect(await why(saved, readable)).to.match(/is not saved as a notebook/);
    notebook = 400;
    expect(await why(saved, readable)).to.match(/could not be read just now/);
  });

  it('goes to the kernel as it is saved, with nothing beside it', async () => {
    notebook = { modified: 'monday', cells: [code('a\r\nb')] };
    const run = await gate(['execute', 'channels', SAVED_ONLY], ['read', 'contents']);
    const { pass } = await run('a\nb');
    expect(pass.content).to.deep.equal({
      code: 'a\r\nb',
      silent: false,
      store_history: true,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: true,
    });
    expect([pass.metadata, pass.parentHeader, pass.buffers]).to.deep.equal([{}, {}, []]);
    expect(Object.keys(pass.header).sort()).to.deep.equal([
      'date',
      'msg_id',
      'msg_type',
      'session',
      'username',
      'version',
    ]);
  });
});

/** Running saved cells and nothing else, on a real kernel, and every way around that anybody thought of. */
import { once } from 'node:events';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { connectKernel, executeContent, headerOf, namesOf } from '../../support/kernel-client.ts';
import type { KernelClient, KernelClientOptions } from '../../support/kernel-client.ts';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';

const LESSON = 'pub/lesson.ipynb';
/** What an attack would leave behind. */
const SPOIL = "open('spoilt', 'w').close(); print('spoilt')";
const CHANGED =
  /^This cell is not as it was saved\. Undo the change to run it: you may run the cells of `\/pub\/lesson\.ipynb`/;

describe('running saved cells', function () {
  this.timeout(240_000);
  let gate: RunningGate;
  let runner: string;
  let teacher: string;
  const open: KernelClient[] = [];

  before(async () => {
    gate = await startGate();
    runner = await gate.person('rory', 'runner');
    teacher = await gate.person('tess', 'editor');
    await gate.writeNotebook(LESSON, 'x = 40', 'print(x + 2)', "input('who? ')", 'print(__name__)\n');
  });
  after(async () => {
    for (const client of open) client.socket.terminate();
    await gate?.stop();
  });

  interface Opened {
    readonly session: string;
    readonly kernel: string;
  }

  async function openSession(token: string, path: string, more: object = {}): Promise<Opened> {
    const asked = { path, type: 'notebook', name: '', kernel: { name: 'python3' }, ...more };
    const started = await gate.as(token, 'POST', '/api/sessions', asked);
    expect(started.status, path).to.equal(201);
    const body = (await started.json()) as { id: string; kernel: { id: string } };
    return { session: body.id, kernel: body.kernel.id };
  }

  async function connect(kernel: string, options: Partial<KernelClientOptions> = {}): Promise<KernelClient> {
    const client = await connectKernel({ url: gate.url, token: runner, kernel, ...options });
    open.push(client);
    return client;
  }

  async function openNotebook(token: string, path: string): Promise<KernelClient> {
    return connect((await openSession(token, path)).kernel, { token });
  }

  function notebookOf(...cells: (string | readonly string[])[]): object {
    return {
      cells: cells.map((source, index) => ({
        cell_type: 'code',
        id: `c${index}`,
        execution_count: null,
        metadata: {},
        outputs: [],
        source,
      })),
      metadata: { kernelspec: { name: 'python3', display_name: 'Python 3' } },
      nbformat: 4,
      nbformat_minor: 5,
    };
  }

  function putNotebook(token: string, path: string, ...cells: string[]): Promise<Response> {
    const body = { type: 'notebook', format: 'json', content: notebookOf(...cells) };
    return gate.as(token, 'PUT', `/api/contents/${path}`, body);
  }

  async function saves(token: string, path: string, ...cells: string[]): Promise<void> {
    const { status } = await putNotebook(token, path, ...cells);
    expect(status, `saving ${path}`).to.be.oneOf([200, 201]);
  }

  const unrole = (name: string, role: string) => gate.admin('DELETE', `/users/${name}/roles/role:${role}`);
  const role = (name: string, given: string) => gate.admin('PUT', `/users/${name}/roles/role:${given}`);

  for (const framing of ['v1', 'legacy'] as const) {
    describe(`in ${framing} framing`, () => {
      let client: KernelClient;
      before(async () => {
        client = await connect((await openSession(runner, LESSON)).kernel, { framing });
      });

      it('runs the cells that are saved', async () => {
        expect(await client.run('x = 40')).to.equal('');
        expect(await client.run('print(x + 2)')).to.equal('42\n');
        expect(await client.run('print(__name__)\n')).to.equal('__main__\n');
      });

      it('refuses a changed cell in the cell, with a sentence', async () => {
        for (const code of [
          'x = 41',
          'x = 40 ',
          ' x = 40',
          'x = 40\n',
          'print(__name__)',
          '',
          SPOIL,
          'x = 40\nprint(x + 2)',
        ]) {
          const answer = await client.answer(client.say('shell', 'execute_request', executeContent(code)));
          expect(namesOf(answer), code).to.deep.equal([
            'iopub status',
            'iopub error',
            'shell execute_reply',
            'iopub status',
          ]);
          expect(answer[1]?.content['evalue']).to.match(CHANGED);
        }
        expect(await client.run('print(x + 2)')).to.equal('42\n');
      });

      it('passes on the code alone: nothing that is evaluated beside it, by any protocol version', async () => {
        const beside: [object, object][] = [
          [{ user_expressions: { a: SPOIL } }, {}],
          [{ user_variables: ["__import__('os').getcwd()"] }, { version: '4.1' }],
          [{ user_expressions: ["__import__('os').getcwd()"] }, {}],
          [{}, { subshell_id: 'one' }],
        ];
        for (const [content, header] of beside) {
          const head = { ...headerOf('execute_request', 's'), ...header };
          client.send(framed({ ...head }, { ...executeContent('x = 40'), ...content }));
          const answer = await client.answer(head.msg_id);
          expect(answer[1]?.content['evalue'], JSON.stringify(content)).to.match(
            /^Only a cell by itself may run here/,
          );
        }
        const old = { ...headerOf('execute_request', 's'), version: '4.1' };
        client.send(framed(old, { ...executeContent('x = 40'), user_variables: [], code: 'x = 40' }));
        const reply = (await client.answer(old.msg_id)).find(({ channel }) => channel === 'shell');
        expect(reply?.content).to.include({ status: 'ok' });
        expect(reply?.content['user_expressions']).to.deep.equal({});
      });

      it('gives running code no standard input', async () => {
        expect(await client.run("input('who? ')")).to.match(/raw_input was called|does not support input/i);
        client.say('stdin', 'input_reply', { value: SPOIL });
        expect(await client.run('print(x + 2)')).to.equal('42\n');
      });

      it('answers completion, inspection and history with nothing', async () => {
        const asked: [string, object, object][] = [
          ['complete_request', { code: 'x.', cursor_pos: 2 }, { matches: [] }],
          ['inspect_request', { code: 'x', cursor_pos: 1, detail_level: 0 }, { found: false }],
          [
            'history_request',
            { hist_access_type: 'tail', n: 100, raw: true, output: false },
            { history: [] },
          ],
        ];
        for (const [type, content, expected] of asked) {
          const answer = await client.answer(client.say('shell', type, content as Record<string, unknown>));
          const reply = answer.find(({ channel }) => channel === 'shell');
          expect(reply?.content, type).to.deep.include({ status: 'ok', ...expected });
        }
      });

      it('answers what every frontend asks first', async () => {
        for (const type of ['kernel_info_request', 'comm_info_request']) {
          const answer = await client.answer(client.say('shell', type));
          expect(answer.find(({ channel }) => channel === 'shell')?.content, type).to.include({
            status: 'ok',
          });
        }
      });

      it('refuses the control channel, widgets, the debugger, subshells and steering by message', async () => {
        const code = executeContent('x = 40');
        const asked: [string, string, object][] = [
          ['control', 'execute_request', code],
          ['stdin', 'execute_request', code],
          [
            'control',
            'debug_request',
            { type: 'request', seq: 1, command: 'evaluate', arguments: { expression: SPOIL } },
          ],
          ['control', 'create_subshell_request', {}],
          ['control', 'shutdown_request', { restart: true }],
          ['control', 'interrupt_request', {}],
          ['shell', 'apply_request', code],
        ];
        for (const [channel, type, content] of asked) {
          const id = client.say(channel, type, content as Record<string, unknown>);
          const answer = await client.answer(id);
          const reply = answer.find((message) => message.channel === channel);
          expect(reply?.content['status'] ?? reply?.content['success'], `${channel} ${type}`).to.be.oneOf([
            'error',
            false,
          ]);
        }
        for (const type of ['comm_open', 'comm_msg', 'comm_close'])
          client.say('shell', type, { comm_id: 'c', target_name: 'jupyter.widget', data: {} });
        await client.hear(({ header }) => header.msg_type === 'comm_close', 'comm_close');
        client.say('iopub', 'execute_request', executeContent(SPOIL));
        expect(await client.run('print(x + 2)')).to.equal('42\n');
      });

      function framed(header: object, content: object): string | Buffer {
        const parts = { channel: 'shell', header, parent_header: {}, metadata: {}, content };
        if (framing === 'legacy') return JSON.stringify(parts);
        const texts = ['shell', header, {}, {}, content].map((part) =>
          Buffer.from(typeof part === 'string' ? part : JSON.stringify(part)),
        );
        const head = Buffer.alloc(8 * 7);
        head.writeUInt32LE(6, 0);
        let at = head.length;
        for (const [index, length] of [0, ...texts.map((text) => text.length)].entries())
          head.writeUInt32LE((at += length), 8 * (index + 1));
        return Buffer.concat([head, ...texts]);
      }
    });
  }

  it('takes line ends as the editors do, sources in lines, and runs the text that is saved', async () => {
    await mkdir(join(gate.notebooks, 'pub'), { recursive: true });
    const lines = notebookOf('print(1)\r\nprint(2)', ['print(3)\n', 'print(4)']);
    await writeFile(join(gate.notebooks, 'pub/lines.ipynb'), JSON.stringify(lines));
    const client = await openNotebook(runner, 'pub/lines.ipynb');
    expect(await client.run('print(1)\nprint(2)')).to.equal('1\n2\n');
    const sent = client.heard.filter(({ header }) => header.msg_type === 'execute_input').at(-1);
    expect(sent?.content['code']).to.equal('print(1)\r\nprint(2)');
    expect(await client.run('print(3)\nprint(4)')).to.equal('3\n4\n');
    expect(await client.run('print(3)\n\nprint(4)')).to.match(/not as it was saved/);
  });

  it('runs what is saved now, and no longer what was saved before', async () => {
    const path = 'pub/moving.ipynb';
    await saves(teacher, path, "print('one')");
    const client = await openNotebook(runner, path);
    expect(await client.run("print('one')")).to.equal('one\n');
    expect(await client.run("print('two')")).to.match(/not as it was saved/);
    await saves(teacher, path, "print('two')");
    expect(await client.run("print('two')")).to.equal('two\n');
    expect(await client.run("print('one')")).to.match(/not as it was saved/);
    await gate.writeNotebook(path, "print('three')");
    expect(await client.run("print('three')")).to.equal('three\n');
    await rename(join(gate.notebooks, path), join(gate.notebooks, 'pub/elsewhere.ipynb'));
    expect(await client.run("print('three')")).to.match(/is not saved as a notebook/);
  });

  it('runs nothing but saved cells while somebody saves', async () => {
    const path = 'pub/race.ipynb';
    const codes = Array.from({ length: 30 }, (_, index) => `print('${index}')`);
    await saves(teacher, path, ...codes.slice(0, 1));
    const client = await openNotebook(runner, path);
    const saveAll = async (): Promise<void> => {
      for (const code of codes) await saves(teacher, path, code);
    };
    let ran = 0;
    const runAll = async (): Promise<void> => {
      for (const [index, code] of [...codes, ...codes].entries()) {
        const printed = await client.run(code);
        if (printed === `${index % codes.length}\n`) ran += 1;
        else expect(printed).to.match(/not as it was saved/);
        expect(await client.run(`${code} #`)).to.match(/not as it was saved/);
      }
    };
    await Promise.all([saveAll(), runAll()]);
    expect(await client.run(codes.at(-1) ?? '')).to.equal('29\n');
    expect(ran).to.be.below(codes.length);
  });

  describe('for somebody who may write elsewhere', () => {
    let ada: string;
    before(async () => {
      ada = await gate.person('ada', 'runner');
      const fields = { sub: 'ada', res: 'contents|checkpoints', act: 'write', path: '/home/ada/**' };
      expect((await gate.admin('POST', '/rules', { fields })).status).to.equal(201);
      await mkdir(join(gate.notebooks, 'home/ada'), { recursive: true });
      await saves(ada, 'home/ada/own.ipynb', SPOIL, 'import helper');
    });

    it('runs what somebody else saved, and nothing of their own', async () => {
      expect(await (await openNotebook(ada, LESSON)).run('x = 40')).to.equal('');
      expect(await (await openNotebook(ada, 'home/ada/own.ipynb')).run(SPOIL)).to.match(
        /^You may change `\/home\/ada\/own\.ipynb` yourself/,
      );
    });

    it('does not take a narrower token for another person', async () => {
      const issued = await gate.admin('POST', '/users/ada/tokens', { roles: ['role:runner'] });
      expect(issued.status).to.equal(201);
      const narrow = await openNotebook(issued.body.token, 'home/ada/own.ipynb');
      expect(await narrow.run(SPOIL)).to.match(/^You may change/);
    });

    it('takes no kernel to another notebook, by whatever session', async () => {
      const here = await openSession(ada, LESSON);
      const client = await connect(here.kernel, { token: ada });
      expect(await client.run('x = 40')).to.equal('');
      const patched = await gate.as(ada, 'PATCH', `/api/sessions/${here.session}`, {
        path: 'home/ada/own.ipynb',
      });
      expect(patched.status).to.equal(200);
      expect(await client.run(SPOIL)).to.match(/was not started for/);
      expect(await client.run('x = 40')).to.match(/was not started for/);
      // A second session with the path of the notebook that may be written changes nothing about the kernel.
      const kernel = { id: here.kernel };
      const second = await gate.as(ada, 'POST', '/api/sessions', {
        path: 'home/ada/own.ipynb',
        type: 'notebook',
        name: '',
        kernel,
      });
      expect(second.status).to.equal(201);
      expect(await client.run(SPOIL)).to.match(/was not started for/);
      const back = await gate.as(ada, 'PATCH', `/api/sessions/${here.session}`, { path: LESSON });
      expect(back.status).to.equal(200);
      expect(await client.run(SPOIL)).to.match(CHANGED);
      expect(await client.run('x = 40')).to.equal('');
    });

    it('runs nothing on a kernel that was started in a directory of theirs', async () => {
      await writeFile(join(gate.notebooks, 'home/ada/helper.py'), SPOIL);
      await gate.writeNotebook('pub/imports.ipynb', 'import helper');
      const moved = await openSession(ada, 'home/ada/own.ipynb');
      await gate.as(ada, 'PATCH', `/api/sessions/${moved.session}`, { path: 'pub/imports.ipynb' });
      expect(await (await connect(moved.kernel, { token: ada })).run('import helper')).to.match(
        /was not started for/,
      );
      // A new kernel in the place of the old one starts where the session was, whatever the same change says.
      const again = await openSession(ada, 'home/ada/own.ipynb');
      const changed = await gate.as(ada, 'PATCH', `/api/sessions/${again.session}`, {
        path: 'pub/imports.ipynb',
        kernel: { name: 'python3' },
      });
      expect(changed.status).to.equal(200);
      const { kernel } = (await changed.json()) as { kernel: { id: string } };
      expect(await (await connect(kernel.id, { token: ada })).run('import helper')).to.match(
        /was not started for/,
      );
      const bare = await gate.as(ada, 'POST', '/api/kernels', { name: 'python3', path: 'home/ada' });
      const { id } = (await bare.json()) as { id: string };
      await gate.as(ada, 'POST', '/api/sessions', {
        path: 'pub/imports.ipynb',
        type: 'notebook',
        name: '',
        kernel: { id },
      });
      expect(await (await connect(id, { token: ada })).run('import helper')).to.match(
        /You may change|was not started for|not saved/,
      );
      const placed = await openSession(ada, 'home/ada/8a5c1d2e-3f4b-4c6d-9e7f-0a1b2c3d4e5f', {
        name: 'imports.ipynb',
      });
      await gate.as(ada, 'PATCH', `/api/sessions/${placed.session}`, { path: 'pub/imports.ipynb' });
      expect(await (await connect(placed.kernel, { token: ada })).run('import helper')).to.match(
        /was not started for/,
      );
      const right = await openNotebook(runner, 'pub/imports.ipynb');
      expect(await right.run('import helper')).to.match(/No module named/);
    });
  });

  describe('for somebody who wrote it and then lost the right', () => {
    const path = 'pub/theirs.ipynb';
    let eve: string;
    before(async () => {
      eve = await gate.person('eve', 'editor');
      await role('eve', 'runner');
      await gate.writeNotebook('pub/other.ipynb', SPOIL);
    });
    beforeEach(() => role('eve', 'editor'));

    const wrote = /^What you wrote may be in/;

    async function runsAfter(at: string, code: string): Promise<string> {
      await unrole('eve', 'editor');
      const client = await openNotebook(eve, at);
      const printed = await client.run(code);
      await client.close();
      return printed;
    }

    it('does not run it until somebody else has saved it', async () => {
      await saves(eve, path, SPOIL);
      expect(await runsAfter(path, SPOIL)).to.match(wrote);
      await saves(teacher, path, "print('looked at')");
      expect(await runsAfter(path, "print('looked at')")).to.equal('looked at\n');
    });

    it('does not run what somebody else added to what they wrote, in parts of an upload', async () => {
      const upload = (token: string, chunk: number, content: string): Promise<number> =>
        gate
          .as(token, 'PUT', `/api/contents/${path}`, { type: 'file', format: 'text', content, chunk })
          .then(({ status }) => status);
      const text = JSON.stringify(notebookOf(SPOIL));
      const [first, second, last] = [text.slice(0, 20), text.slice(20, 90), text.slice(90)];
      expect(await upload(teacher, 1, first)).to.equal(200);
      expect(await upload(eve, 2, second)).to.equal(200);
      expect(await upload(teacher, -1, last)).to.equal(200);
      expect(await runsAfter(path, SPOIL)).to.match(wrote);
    });

    it('does not run what they moved or copied there, or put over it', async () => {
      await saves(eve, 'home/eve.ipynb', SPOIL);
      await gate.as(eve, 'PATCH', '/api/contents/home/eve.ipynb', { path: 'pub/moved.ipynb' });
      expect(await runsAfter('pub/moved.ipynb', SPOIL)).to.match(wrote);
      await role('eve', 'editor');
      await gate.as(eve, 'DELETE', `/api/contents/${path}`);
      const renamed = await gate.as(eve, 'PATCH', '/api/contents/pub/moved.ipynb', { path });
      expect(renamed.status).to.equal(200);
      expect(await runsAfter(path, SPOIL)).to.match(wrote);
      await role('eve', 'editor');
      const copied = await gate.as(eve, 'POST', '/api/contents/pub', { copy_from: path });
      expect(copied.status).to.equal(201);
      const copy = ((await copied.json()) as { path: string }).path;
      expect(await runsAfter(copy, SPOIL)).to.match(wrote);
    });

    it('does not run what somebody else moved or copied for them', async () => {
      await saves(eve, 'home/present.ipynb', SPOIL);
      const copied = await gate.as(teacher, 'POST', '/api/contents/pub', { copy_from: 'home/present.ipynb' });
      expect(await runsAfter(((await copied.json()) as { path: string }).path, SPOIL)).to.match(wrote);
      await gate.as(teacher, 'PATCH', '/api/contents/home', { path: 'house' });
      expect(await runsAfter('house/present.ipynb', SPOIL)).to.match(wrote);
      expect(await runsAfter('pub/other.ipynb', SPOIL)).to.equal('spoilt\n');
    });

    it('does not run what a checkpoint brings back', async () => {
      await saves(eve, path, SPOIL);
      const made = await gate.as(eve, 'POST', `/api/contents/${path}/checkpoints`);
      expect(made.status).to.equal(201);
      await saves(teacher, path, "print('looked at')");
      expect(await runsAfter(path, "print('looked at')")).to.equal('looked at\n');
      const restored = await gate.as(teacher, 'POST', `/api/contents/${path}/checkpoints/checkpoint`);
      expect(restored.status).to.equal(204);
      expect(await runsAfter(path, SPOIL)).to.match(wrote);
    });
  });

  it('keeps runners to kernels of their own, which they may interrupt and restart', async () => {
    const other = await gate.person('olga', 'temporary');
    const theirs = await openSession(other, LESSON);
    const refused = await connect(theirs.kernel).catch((error: Error) => error.message);
    expect(refused).to.equal('status 404');
    for (const verb of ['interrupt', 'restart'])
      expect((await gate.as(runner, 'POST', `/api/kernels/${theirs.kernel}/${verb}`)).status).to.equal(404);
    const own = await openSession(runner, LESSON);
    expect((await gate.as(runner, 'POST', `/api/kernels/${own.kernel}/interrupt`)).status).to.equal(204);
    expect((await gate.as(runner, 'POST', `/api/kernels/${own.kernel}/restart`)).status).to.equal(200);
    expect((await gate.as(runner, 'POST', '/api/terminals', {})).status).to.equal(403);
    expect((await putNotebook(runner, LESSON, SPOIL)).status).to.equal(403);
    expect(await (await connect(own.kernel)).run('x = 40')).to.equal('');
  });

  it('leaves alone who may run anything, also beside the role', async () => {
    const both = await gate.person('bea', 'runner');
    await role('bea', 'temporary');
    const client = await openNotebook(both, LESSON);
    expect(await client.run("print('anything')")).to.equal('anything\n');
    const id = client.say('shell', 'execute_request', {
      ...executeContent('x = 40'),
      user_expressions: { six: '2 * 3' },
    });
    const reply = (await client.answer(id)).find(({ channel }) => channel === 'shell');
    expect(JSON.stringify(reply?.content['user_expressions'])).to.include('"text/plain":"6"');
  });

  it('lets a rule share a kernel for saved cells alone', async () => {
    const group = await gate.person('gina', 'viewer');
    const cond = "r.msg == '' || r.msg == 'kernel_info_request' || r.cell == 'saved'";
    const fields = { sub: 'gina', res: 'channels', act: 'read|execute', path: '/pub/**', cond };
    expect((await gate.admin('POST', '/rules', { fields })).status).to.equal(201);
    const shared = await openSession(await gate.person('otto', 'temporary'), LESSON);
    const client = await connect(shared.kernel, { token: group });
    expect(await client.run('x = 40')).to.equal('');
    expect(await client.run('print(x + 2)')).to.equal('42\n');
    expect(await client.run(SPOIL)).to.match(CHANGED);
    const stopped = await client.answer(client.say('control', 'shutdown_request', { restart: false }));
    expect(stopped.find(({ channel }) => channel === 'control')?.content).to.include({ status: 'error' });
    expect(await client.run('print(x + 2)')).to.equal('42\n');
  });

  it('ends with the role', async () => {
    const name = 'rita';
    const token = await gate.person(name, 'runner');
    const client = await openNotebook(token, LESSON);
    expect(await client.run('x = 40')).to.equal('');
    const closed = once(client.socket, 'close');
    await unrole(name, 'runner');
    expect((await closed)[0]).to.equal(4403);
  });

  describe('after all that', () => {
    it('left nothing behind of any attack', async () => {
      for (const directory of ['', 'pub', 'home', 'home/ada', 'house']) {
        const found = await readFile(join(gate.notebooks, directory, 'spoilt')).then(
          () => true,
          () => false,
        );
        // One cell that somebody else put there was allowed to.
        expect(found, dirname(`${directory}/spoilt`)).to.equal(directory === 'pub');
      }
    });
  });
});

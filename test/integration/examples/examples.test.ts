/** Each folder of examples/ as its README says: the gate with its gate.yaml, then the commands of its setup.sh. */
import { readFileSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { run } from '../../../src/cli/run.ts';
import { packageRoot } from '../../../src/core/package-root.ts';
import { exampleCommands } from '../../support/example-commands.ts';
import { guestBrowser } from '../../support/guest-browser.ts';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';

const EXAMPLES = join(packageRoot(), 'examples');
const SAVED = { type: 'file', format: 'text', content: 'changed' };
const SESSION = { path: 'welcome.ipynb', name: '', type: 'notebook', kernel: { name: 'python3' } };

describe('the examples', function () {
  this.timeout(120_000);
  let gate: RunningGate;

  afterEach(() => gate?.stop());

  /** Runs the example's commands in this process, against its gate; gives what they printed. */
  async function setUp(name: string): Promise<string> {
    const config = join(EXAMPLES, name, 'gate.yaml');
    gate = await startGate('--config', config);
    let printed = '';
    for (const argv of exampleCommands(readFileSync(join(EXAMPLES, name, 'setup.sh'), 'utf8'))) {
      const code = await run(
        argv,
        {
          env: {
            JUPYTER_GATE_CONFIG: config,
            JUPYTER_GATE_DATA: gate.data,
            JUPYTER_GATE_NOTEBOOK_DIR: gate.notebooks,
          },
          cwd: packageRoot(),
          out: (text) => void (printed += text),
          err: (text) => void (printed += text),
          readSecret: () => Promise.reject(new Error('an example asks for no secret')),
          readFile: (path) => readFile(path, 'utf8'),
          now: () => Date.now(),
        },
        {},
      );
      expect(code, `jupyter-gate ${argv.join(' ')}: ${printed}`).to.equal(0);
    }
    return printed;
  }

  const token = async (name: string): Promise<string> =>
    (await gate.admin('POST', `/users/${name}/tokens`, {})).body.token;
  const status = async (...asked: Parameters<RunningGate['as']>): Promise<number> =>
    (await gate.as(...asked)).status;

  it('are three, and each is tried here', () => {
    expect(readdirSync(EXAMPLES).sort()).to.deep.equal([
      'read-only',
      'temporary-notebook',
      'write-without-execute',
    ]);
  });

  it('read-only: everybody reads without signing in, and nobody saves, runs or opens a terminal', async () => {
    await setUp('read-only');
    const guest = await guestBrowser(gate.url);
    expect((await guest('GET', '/api/contents/welcome.ipynb')).status).to.equal(200);
    expect((await guest('GET', '/lab')).status).to.equal(200);
    expect((await guest('PUT', '/api/contents/new.txt', SAVED)).status).to.equal(401);
    expect((await guest('POST', '/api/sessions', SESSION)).status).to.equal(401);
    expect((await guest('POST', '/api/terminals')).status).to.equal(401);
    const someone = await gate.person('someone');
    expect(await status(someone, 'GET', '/api/contents/welcome.ipynb')).to.equal(200);
    expect(await status(someone, 'PUT', '/api/contents/new.txt', SAVED)).to.equal(403);
  });

  it('write-without-execute: the signed-in save, nobody runs, and guests see nothing', async () => {
    const printed = await setUp('write-without-execute');
    expect(printed.match(/\/gate\/login\?link=/g)).to.have.length(2);
    const ana = await token('ana');
    expect(await status(ana, 'PUT', '/api/contents/new.txt', SAVED)).to.equal(201);
    expect(await status(await token('ben'), 'GET', '/api/contents/new.txt')).to.equal(200);
    expect(await status(ana, 'POST', '/api/contents/new.txt/checkpoints')).to.equal(201);
    expect(await status(ana, 'POST', '/api/sessions', SESSION)).to.equal(403);
    expect(await status(ana, 'POST', '/api/kernels', { name: 'python3' })).to.equal(403);
    expect(await status(ana, 'POST', '/api/terminals')).to.equal(403);
    expect(await status(undefined, 'GET', '/api/contents/new.txt')).to.equal(401);
  });

  it('temporary-notebook: students run on kernels of their own and save nothing, until their time is over', async () => {
    await setUp('temporary-notebook');
    const [student1, student2, teacher] = await Promise.all(['student1', 'student2', 'teacher'].map(token));
    const session = await gate.as(student1, 'POST', '/api/sessions', SESSION);
    expect(session.status).to.equal(201);
    const kernel: string = (await session.json()).kernel.id;
    expect(await status(student1, 'GET', `/api/kernels/${kernel}`)).to.equal(200);
    expect(await status(student2, 'GET', `/api/kernels/${kernel}`)).to.equal(404);
    expect(await status(student2, 'POST', `/api/kernels/${kernel}/interrupt`)).to.equal(404);
    expect(await status(student1, 'PUT', '/api/contents/new.txt', SAVED)).to.equal(403);
    expect(await status(student1, 'POST', '/api/terminals')).to.equal(403);
    expect(await status(teacher, 'PUT', '/api/contents/new.txt', SAVED)).to.equal(201);
    const { body } = await gate.admin('GET', '/users/student1/roles/temporary');
    expect(Date.parse(body.expires_at) - Date.now()).to.be.within(7_000_000, 7_200_000);
    await gate.admin('DELETE', '/users/student1/roles/temporary');
    expect(await status(student1, 'GET', '/api/contents/welcome.ipynb')).to.equal(404);
  });
});

import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { AppError } from '../../../src/core/errors.ts';
import { packageRoot } from '../../../src/core/package-root.ts';
import { connectUpstream } from '../../../src/upstream/connect-upstream.ts';
import { findJupyter } from '../../../src/upstream/find-jupyter.ts';
import { jupyterArguments } from '../../../src/upstream/jupyter-arguments.ts';
import { allowedEnvironment } from '../../../src/upstream/jupyter-environment.ts';
import { prepareNotebookDir } from '../../../src/upstream/prepare-notebook-dir.ts';
import { runCommand } from '../../../src/upstream/run-command.ts';
import { until } from '../../support/until.ts';

async function refusal(action: Promise<unknown>): Promise<AppError> {
  const error: unknown = await action.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).to.be.instanceOf(AppError);
  return error as AppError;
}

describe('allowedEnvironment', () => {
  it('passes what Python and Jupyter need', () => {
    const env = {
      PATH: '/bin',
      HOME: '/h',
      LC_ALL: 'C',
      PYTHONPATH: '/p',
      JUPYTER_CONFIG_DIR: '/c',
      TZ: 'UTC',
    };
    expect(allowedEnvironment(env)).to.deep.equal(env);
  });

  it("keeps back the gate's own names, tokens and everything it does not know", () => {
    const env = {
      JUPYTER_GATE_ADMIN_TOKEN: 'x',
      JUPYTER_GATE_DATABASE: 'x',
      JUPYTER_TOKEN: 'x',
      JUPYTER_PASSWORD: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
      PGPASSWORD: 'x',
      NODE_OPTIONS: 'x',
      LC_ALL_SECRET: 'x',
    };
    expect(allowedEnvironment(env)).to.deep.equal({});
  });
});

describe('jupyterArguments', () => {
  const plan = { notebookDir: '/n', baseUrl: '/x/', socketPath: '/t/s', asRoot: false };

  it('starts JupyterLab without a credential, on the socket, without news', () => {
    const args = jupyterArguments({
      ...plan,
      jupyter: { command: 'j', serverVersion: '2.21.1', labVersion: '4.6.6' },
    });
    expect(args[0]).to.equal('lab');
    expect(args).to.include.members([
      '--ServerApp.sock=/t/s',
      '--ServerApp.base_url=/x/',
      '--IdentityProvider.token=',
    ]);
    expect(args).to.include.members(['--LabApp.news_url=None', '--ServerApp.allow_root=False']);
  });

  it('starts an old server without JupyterLab at the classic notebook', () => {
    const args = jupyterArguments({
      ...plan,
      jupyter: { command: 'j', serverVersion: '1.23.3', labVersion: undefined },
    });
    expect(args[0]).to.equal('server');
    expect(args).to.include.members([
      '--ServerApp.default_url=/tree',
      '--ServerApp.token=',
      '--ServerApp.password=',
    ]);
  });
});

describe('runCommand', () => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

  it('leaves no timer behind when the program is not there', async () => {
    // The runner starts a timer of its own for a test that waits.
    await new Promise((resolve) => setImmediate(resolve));
    const before = timers();
    const result = await runCommand('/nowhere/program', [], { env: {}, timeout: 60_000 });
    expect(result.code).to.equal(127);
    expect(timers()).to.equal(before);
  });

  it('kills a program that takes too long', async () => {
    const result = await runCommand('/bin/sleep', ['60'], { env: {}, timeout: 100 });
    expect(result).to.deep.equal({ code: -1, lines: [], timedOut: true });
  });
});

describe('findJupyter', () => {
  it('says in one sentence what is missing when there is neither Jupyter nor Python', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gate-find-'));
    const steps: string[] = [];
    const options = {
      env: { PATH: directory },
      venvDir: join(directory, 'venv'),
      requirements: join(packageRoot(), 'share', 'jupyter-requirements.txt'),
      progress: (text: string) => steps.push(text),
    };
    try {
      const error = await refusal(findJupyter(options));
      expect(error.code).to.equal('JUPYTER_MISSING');
      expect(error.detail).to.equal('Python 3 is not installed');
      expect(steps).to.have.length(1);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('does not empty what a link in the place of its environment leads to', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gate-find-'));
    const [shared, venvDir] = [join(directory, 'shared'), join(directory, 'venv')];
    mkdirSync(shared);
    writeFileSync(join(shared, 'kept'), '');
    symlinkSync(shared, venvDir);
    const { PATH } = process.env;
    const requirements = join(packageRoot(), 'share', 'jupyter-requirements.txt');
    try {
      const options = { env: { PATH }, venvDir, requirements, progress: () => undefined, pinnedOnly: true };
      expect((await refusal(findJupyter(options))).detail).to.contain('found a link');
      expect(existsSync(join(shared, 'kept'))).to.equal(true);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  for (const slow of ['server', 'lab']) {
    it(`installs nothing beside a Jupyter whose \`${slow}\` does not answer in time`, async () => {
      const directory = mkdtempSync(join(tmpdir(), 'gate-find-'));
      const command = join(directory, 'jupyter');
      writeFileSync(command, `#!/bin/sh\n[ "$1" = ${slow} ] && exec sleep 600\necho 2.21.1\n`, {
        mode: 0o755,
      });
      const steps: string[] = [];
      const options = {
        env: { PATH: `${directory}:/usr/bin:/bin` },
        venvDir: join(directory, 'venv'),
        requirements: join(packageRoot(), 'share', 'jupyter-requirements.txt'),
        progress: (text: string) => steps.push(text),
        probeTimeout: 300,
      };
      try {
        const error = await refusal(findJupyter(options));
        expect(error.code).to.equal('JUPYTER_SLOW');
        expect(error.detail).to.match(
          /^expected `\S+jupyter (server|lab) --version` to answer within 0\.3 s$/,
        );
        expect(error.detail).to.contain(command);
        expect(error.hint).to.contain('--upstream URL');
        expect(steps).to.deep.equal([]);
        expect(existsSync(options.venvDir)).to.equal(false);
      } finally {
        rmSync(directory, { recursive: true });
      }
    });
  }

  it('ends pip at once when the start is given up, and says so by the reason', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gate-find-'));
    const venvDir = join(directory, 'venv');
    const running = join(directory, 'pip.pid');
    const python = join(directory, 'python3');
    // Makes a virtual environment of itself, in which pip never ends.
    writeFileSync(
      python,
      `#!/bin/sh
case "$2" in
venv) mkdir -p '${venvDir}/bin' && cp "$0" '${venvDir}/bin/python3' ;;
pip) echo $$ > '${running}' && exec sleep 600 ;;
esac
`,
    );
    chmodSync(python, 0o755);
    const giveUp = new AbortController();
    const options = {
      env: { PATH: `${directory}:/usr/bin:/bin` },
      venvDir,
      requirements: join(packageRoot(), 'share', 'jupyter-requirements.txt'),
      progress: () => {},
      pinnedOnly: true,
      signal: giveUp.signal,
    };
    try {
      const found = findJupyter(options).catch((error: unknown) => error);
      await until(() => existsSync(running) && readFileSync(running, 'utf8').endsWith('\n'), 'pip runs');
      giveUp.abort(new Error('given up'));
      expect(await found).to.equal(giveUp.signal.reason);
      expect(() => process.kill(Number(readFileSync(running, 'utf8')), 0)).to.throw('ESRCH');
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

describe('prepareNotebookDir', () => {
  let directory: string;
  const welcome = join(packageRoot(), 'share', 'welcome.ipynb');

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gate-dir-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('creates the directory with a welcome notebook', async () => {
    const notebookDir = join(directory, 'a', 'notebooks');
    expect(await prepareNotebookDir({ notebookDir, welcome, owner: undefined })).to.equal(true);
    const notebook: unknown = JSON.parse(readFileSync(join(notebookDir, 'welcome.ipynb'), 'utf8'));
    expect(notebook).to.have.property('nbformat', 4);
  });

  it('leaves a directory alone that is there', async () => {
    expect(await prepareNotebookDir({ notebookDir: directory, welcome, owner: undefined })).to.equal(false);
    expect(existsSync(join(directory, 'welcome.ipynb'))).to.equal(false);
  });

  it('refuses a file in its place', async () => {
    const notebookDir = join(directory, 'file');
    writeFileSync(notebookDir, 'x');
    const error = await refusal(prepareNotebookDir({ notebookDir, welcome, owner: undefined }));
    expect(error.code).to.equal('CONFIG_INVALID');
    expect(readFileSync(notebookDir, 'utf8')).to.equal('x');
  });
});

describe('connectUpstream', () => {
  it('says that nothing answers at an address', async () => {
    const error = await refusal(
      connectUpstream({ url: 'http://127.0.0.1:1', token: undefined, baseUrl: '/' }),
    );
    expect(error.code).to.equal('UPSTREAM_UNREACHABLE');
    expect(error.detail).to.contain('`http://127.0.0.1:1`').and.contain('ECONNREFUSED');
  });

  it('says that something else answers there', async () => {
    const server = http
      .createServer((_request, response) => response.writeHead(404).end('no'))
      .listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const error = await refusal(connectUpstream({ url, token: undefined, baseUrl: '/lab/' }));
    server.close();
    expect(error.code).to.equal('UPSTREAM_UNREACHABLE');
    expect(error.detail).to.contain('/lab/api').and.contain('status 404').and.contain('base-url');
  });
});

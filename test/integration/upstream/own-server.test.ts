import { spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'chai';
import { systemClock } from '../../../src/core/clock.ts';
import { AppError } from '../../../src/core/errors.ts';
import { packageRoot } from '../../../src/core/package-root.ts';
import { connectUpstream } from '../../../src/upstream/connect-upstream.ts';
import { processesOf } from '../../../src/upstream/leftovers.ts';
import { openUpstream } from '../../../src/upstream/open-upstream.ts';
import { startJupyter } from '../../../src/upstream/start-jupyter.ts';
import type { OwnServer, StartOptions } from '../../../src/upstream/start-jupyter.ts';
import { testTools } from '../../support/tools.ts';

interface Reply {
  status: number;
  body: string;
}

/** A request as the gate would send it: on the socket, with a made-up `_xsrf` pair. */
function ask(server: OwnServer, method: string, path: string, body?: unknown): Promise<Reply> {
  const headers = { cookie: '_xsrf=x', 'x-xsrftoken': 'x', 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const request = http.request(
      { socketPath: server.socketPath!, method, path, headers, agent: false },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => resolve({ status: response.statusCode!, body: text }));
      },
    );
    request.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** What the system tells about a process; empty when it has just ended. */
function processFile(pid: number, name: 'environ' | 'cmdline'): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

async function until(what: () => Promise<boolean> | boolean, timeout = 20_000): Promise<void> {
  const end = Date.now() + timeout;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('expected it to happen in time');
    await delay(100);
  }
}

describe('a Jupyter Server of our own', function () {
  this.timeout(90_000);
  let directory: string;
  let lines: string[];
  let server: OwnServer | undefined;

  function options(change: Partial<StartOptions> = {}): StartOptions {
    const write = (level: string) => (text: string) => lines.push(`${level} ${text}`);
    const log = { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') };
    const env = {
      ...process.env,
      JUPYTER_GATE_ADMIN_TOKEN: 'canary-secret',
      SOME_SECRET: 'canary-secret',
      JUPYTER_TOKEN: 'canary-secret',
    };
    return {
      jupyter: testTools().jupyter,
      notebookDir: directory,
      baseUrl: '/',
      env,
      log,
      clock: systemClock,
      ...change,
    };
  }

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'gate-own-'));
    lines = [];
    server = undefined;
  });
  afterEach(async () => {
    await server?.stop();
    rmSync(directory, { recursive: true });
  });

  it('answers on a private socket, keeps the secrets of the gate from kernels, and ends with its kernels', async () => {
    server = await startJupyter(options({ baseUrl: '/base/' }));
    expect(server).to.include({
      origin: 'http://localhost',
      token: undefined,
      version: testTools().jupyter.serverVersion,
    });
    const place = dirname(server.socketPath!);
    expect(statSync(place).mode & 0o777).to.equal(0o700);
    const lab = await ask(server, 'GET', '/base/lab');
    expect(lab.status).to.equal(200);
    expect(lab.body, 'no question about news').to.contain('"@jupyterlab/apputils-extension:announcements"');
    const classic = (await ask(server, 'GET', '/base/tree')).body;
    expect(classic).to.contain('notebook').and.not.to.contain('migration plan');

    expect((await ask(server, 'POST', '/base/api/kernels', { name: 'python3' })).status).to.equal(201);
    expect((await ask(server, 'POST', '/base/api/terminals')).status).to.equal(200);
    const runtimeDir = join(place, 'runtime');
    const started = async () =>
      (await processesOf(runtimeDir)).map((pid) => processFile(pid, 'cmdline')).join('\n');
    await until(async () => /ipykernel/.test(await started()) && /(^|\n|\/)(ba|da)?sh/.test(await started()));
    const processes = await processesOf(runtimeDir);
    expect(processes).to.include(server.pid());
    for (const pid of processes)
      expect(processFile(pid, 'environ')).not.to.match(/canary-secret|JUPYTER_GATE_/);

    await server.stop();
    expect(await processesOf(runtimeDir)).to.deep.equal([]);
    expect(() => process.kill(-server!.pid()!, 0)).to.throw(/ESRCH/);
    expect(() => statSync(place)).to.throw(/ENOENT/);
    expect(await server.healthy()).to.equal(false);
  });

  it('is started again when it ends by itself, without the kernels it had', async () => {
    server = await startJupyter(options());
    await ask(server, 'POST', '/api/kernels', { name: 'python3' });
    const first = server.pid()!;
    process.kill(first, 'SIGKILL');
    await until(() =>
      lines.some((line) => line.includes('ended (signal SIGKILL): starting it again in 0.5 s')),
    );
    await until(() => server!.healthy());
    expect(server.pid()).not.to.equal(first);
    expect((await ask(server, 'GET', '/api/kernels')).body).to.equal('[]');
    const left = await processesOf(join(dirname(server.socketPath!), 'runtime'));
    expect(left.filter((pid) => processFile(pid, 'cmdline').includes('ipykernel'))).to.deep.equal([]);
  });

  it('ends with the gate when the gate is killed', async () => {
    const program = `import { startJupyter } from './src/upstream/start-jupyter.ts';
      const quiet = () => {};
      const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
      const [jupyter, notebookDir] = JSON.parse(process.argv[1]);
      const options = { jupyter, notebookDir, baseUrl: '/', env: process.env, log, clock: { now: Date.now } };
      const server = await startJupyter(options);
      console.log(JSON.stringify({ pid: server.pid(), socketPath: server.socketPath }));`;
    const given = JSON.stringify([testTools().jupyter, directory]);
    const args = ['--import', 'tsx', '--input-type=module', '--eval', program, given];
    const gate = spawn(process.execPath, args, { cwd: packageRoot(), stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    gate.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
    await until(() => output.endsWith('}\n'), 60_000);
    const { pid, socketPath } = JSON.parse(output) as { pid: number; socketPath: string };
    expect(processFile(pid, 'cmdline')).to.contain('jupyter');
    gate.kill('SIGKILL');
    await until(() => processFile(pid, 'cmdline') === '' && !existsSync(dirname(socketPath)));
  });

  it('says what it wrote last when it does not start', async () => {
    const command = join(directory, 'jupyter');
    writeFileSync(command, '#!/bin/sh\necho "no module named tornado" >&2\nexit 3\n');
    chmodSync(command, 0o755);
    const jupyter = { command, serverVersion: '2.21.1', labVersion: '4.6.6' };
    const error: unknown = await startJupyter(options({ jupyter })).catch((reason: unknown) => reason);
    expect(error).to.be.instanceOf(AppError).and.to.include({ code: 'JUPYTER_FAILED' });
    expect((error as AppError).detail).to.contain('exit code 3');
    expect(lines).to.include('error jupyter: no module named tornado');
  });

  it('can be stood in front of by its address, with its token only', async () => {
    // A second server on TCP, as an operator would run it, started with a token in its environment only.
    const env = { PATH: process.env['PATH'], HOME: directory, JUPYTER_TOKEN: 'sesame' };
    const args = [
      'server',
      '--ServerApp.port=0',
      '--ServerApp.ip=127.0.0.1',
      '--ServerApp.open_browser=False',
      '--allow-root',
    ];
    const child = spawn(testTools().jupyter.command, args, {
      cwd: directory,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    try {
      let output = '';
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
      await until(() => /http:\/\/127\.0\.0\.1:[1-9]\d*\//.test(output), 60_000);
      const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)![0];
      await until(async () => (await fetch(`${url}/api`).catch(() => undefined))?.status === 200);
      const config = {
        upstream: url,
        upstreamToken: 'sesame',
        notebookDir: directory,
        jupyterUser: undefined,
        baseUrl: '/',
      };
      const { env: given, log, clock } = options();
      const found = await openUpstream(config, {
        env: given,
        cwd: directory,
        log,
        clock,
        progress: () => {},
      });
      expect(found).to.include({ origin: url, token: 'sesame', socketPath: undefined });
      expect(await found.healthy()).to.equal(true);
      for (const token of ['wrong', undefined]) {
        const error: unknown = await connectUpstream({ url, token, baseUrl: '/' }).catch(
          (reason: unknown) => reason,
        );
        expect(error).to.be.instanceOf(AppError).and.to.include({ code: 'CONFIG_INVALID' });
        expect((error as AppError).detail)
          .to.match(/upstream-token: .*received (none|one it refuses)/)
          .and.not.contain('wrong');
      }
    } finally {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    }
  });
});

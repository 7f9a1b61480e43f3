/** While it runs: the model file, a Jupyter that fails, credentials that end, health, and stopping. */
import { readFile, writeFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { WebSocket } from 'ws';
import { packageRoot } from '../../src/core/package-root.ts';
import { systemClock } from '../../src/core/clock.ts';
import { openStore } from '../../src/store/open-store.ts';
import { processesOf } from '../support/gate-process.ts';
import { startGate } from '../support/running-gate.ts';
import type { RunningGate } from '../support/running-gate.ts';
import { createBrowser } from '../support/sign-in/browser.ts';
import { until } from '../support/until.ts';

const MODEL = join(packageRoot(), 'model.conf');

/** Lines of the gate's log that hold `text`, read. */
function logged(gate: RunningGate, text: string): readonly Record<string, unknown>[] {
  return gate.log.filter((line) => line.includes(text)).map((line) => JSON.parse(line));
}

/** Process id of the Jupyter behind the gate, not of its kernels. */
function jupyterOf(gate: RunningGate): number {
  const found = processesOf(dirname(gate.data)).filter((line) => /jupyter(-lab)?( |$)/.test(line));
  return Number(found.find((line) => !line.includes('ipykernel') && !line.includes('guard'))?.split(' ')[0]);
}

async function startKernel(gate: RunningGate, token: string): Promise<string> {
  const started = await gate.as(token, 'POST', '/api/kernels', { name: 'python3' });
  expect(started.status).to.equal(201);
  return ((await started.json()) as { id: string }).id;
}

/** Resolves once the kernel's socket is open. */
async function kernelSocket(gate: RunningGate, token: string, kernel: string): Promise<WebSocket> {
  const url = `${gate.url.replace('http', 'ws')}/api/kernels/${kernel}/channels`;
  const socket = new WebSocket(url, { headers: { authorization: `Bearer ${token}` } });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
}

describe('a gate that runs', function () {
  this.timeout(120_000);
  let gate: RunningGate;
  let directory: string;
  let model: string;
  let original: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'gate-operation-'));
    model = join(directory, 'model.conf');
    original = await readFile(MODEL, 'utf8');
    await writeFile(model, original);
    gate = await startGate('--model', model);
    await gate.writeNotebook('pub/open.ipynb', 'print(6 * 7)');
  });
  after(async () => {
    await gate?.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it('conditions on time and address hold for real requests', async () => {
    const token = await gate.person('tim');
    const status = async (): Promise<number> =>
      (await gate.as(token, 'GET', '/api/contents/pub/open.ipynb')).status;
    const hours = (count: number): string =>
      `${new Date(Date.now() + count * 3_600_000).toISOString().slice(0, 16)}:00Z`;
    const conditions: readonly (readonly [condition: string, expected: number])[] = [
      ["ipMatch(r.ip, '127.0.0.0/8')", 200],
      ["ipMatch(r.ip, '10.0.0.0/8')", 404],
      [`between(r.time, '${hours(-1)}', '${hours(1)}')`, 200],
      [`between(r.time, '${hours(1)}', '${hours(2)}')`, 404],
    ];
    for (const [cond, expected] of conditions) {
      const fields = { sub: 'tim', res: 'contents', act: 'read', path: '/pub/**', cond };
      const { status: added, body } = await gate.admin('POST', '/rules', { fields });
      expect(added, cond).to.equal(201);
      expect(await status(), cond).to.equal(expected);
      await gate.admin('DELETE', `/rules/${body.id}`);
    }
  });

  it('a token that expires ends its requests and its sockets', async () => {
    const kernel = await startKernel(gate, await gate.person('tess', 'temporary'));
    const expires_at = new Date(Date.now() + 10_000).toISOString();
    const { token } = (await gate.admin('POST', '/users/tess/tokens', { expires_at })).body;
    const socket = await kernelSocket(gate, token, kernel);
    await until(() => socket.readyState === WebSocket.CLOSED, 'the socket of an expired token is closed');
    const late = await gate.as(token, 'GET', '/api/contents');
    expect(late.status).to.equal(401);
    expect(await late.json()).to.include({ code: 'TOKEN_INVALID' });
  });

  it('a person who is disabled loses requests and open kernel socket at once', async () => {
    const token = await gate.person('dora', 'temporary');
    const socket = await kernelSocket(gate, token, await startKernel(gate, token));
    expect((await gate.admin('PATCH', '/users/dora', { active: false })).status).to.equal(200);
    expect((await gate.as(token, 'GET', '/api/contents')).status).to.equal(401);
    await until(() => socket.readyState === WebSocket.CLOSED, 'the socket of a disabled person is closed');
  });

  it('health and metrics are open, parseable and name nobody', async () => {
    await gate.person('nadia-the-named', 'viewer');
    expect(await (await fetch(`${gate.app.adminUrl}/healthz`)).json()).to.deep.equal({ status: 'ok' });
    const ready = await fetch(`${gate.app.adminUrl}/readyz`);
    expect([ready.status, await ready.json()]).to.deep.equal([
      200,
      { status: 'ready', checks: { policy: true, jupyter: true } },
    ]);
    const text = await (await fetch(`${gate.app.adminUrl}/metrics`)).text();
    for (const line of text.split('\n').filter((each) => each !== '')) {
      expect(line).to.match(
        /^(# (HELP|TYPE) \w+ .+|[a-z_]+(\{(\w+="[^"]*",?)+\})? [\d.e+-]+|[a-z_]+\{.*le="\+Inf".*\} \d+)$/,
      );
    }
    expect(text).to.match(/^jupyter_gate_requests_total\{.*code="ALLOWED".*\} \d+$/m);
    expect(text).not.to.match(/mona|tim\b|dora|nadia|open\.ipynb/);
  });

  it('every answer names its request, and the record holds that request once', async () => {
    const token = await gate.person('rita', 'viewer');
    const replies = [
      await gate.as(token, 'GET', '/api/contents'),
      await gate.as(token, 'GET', '/lab'),
      await gate.as(token, 'PUT', '/api/contents/x', {}),
      await gate.as(undefined, 'GET', '/api/contents'),
      await gate.as('jg_wrong', 'GET', '/api/contents'),
      await gate.as(token, 'GET', '/no/such/thing'),
      await gate.as(token, 'GET', '/api/contents/%2e%2e'),
      await gate.as(undefined, 'GET', '/gate/login?link=a-secret-code'),
      await gate.as(undefined, 'GET', '/gate/nowhere'),
    ];
    for (const reply of replies) {
      await reply.text();
      const id = reply.headers.get('x-request-id') ?? 'none';
      await until(() => logged(gate, id).length > 0, `request ${id} is logged`);
      const entries = logged(gate, id).filter((line) => line['msg'] === 'request');
      expect(entries, reply.url).to.have.length(1);
      expect(entries[0]).to.include({ status: reply.status });
    }
    expect(gate.log.join('')).not.to.contain('a-secret-code').and.not.to.contain(token);
  });

  it('signing in is recorded, by name and without its secrets', async () => {
    await gate.person('sina', 'viewer');
    const target = new URL(await gate.link('sina'));
    const browser = createBrowser(target.origin);
    await browser.get(target.pathname + target.search);
    expect((await browser.post(target.pathname + target.search)).status).to.equal(303);
    await browser.post('/gate/login', { name: 'sina', password: 'a-wrong-password' });
    const entries = logged(gate, '"gate.login"').filter((line) => line['subject'] === 'sina');
    expect(entries.map(({ method, code, status }) => [method, code, status])).to.deep.equal([
      ['POST', 'ALLOWED', 303],
      ['POST', 'CREDENTIALS_WRONG', 401],
    ]);
    const code = target.searchParams.get('link') ?? '';
    for (const secret of [code, 'a-wrong-password', ...browser.cookies.values()]) {
      expect(gate.log.join('')).not.to.contain(secret);
    }
  });

  describe('follows its model file', () => {
    let token: string;
    const readOnly = (): string =>
      original.replace('&& eval(p.cond)', "&& (r.act == 'read' || r.res != 'contents') && eval(p.cond)");
    const save = async (): Promise<number> =>
      (await gate.as(token, 'PUT', '/api/contents/new.txt', { type: 'file', format: 'text', content: 'x' }))
        .status;

    before(async () => {
      token = await gate.person('mona', 'full');
    });
    afterEach(async () => {
      await writeFile(model, `${original}\n# ${Date.now()}\n`);
      await until(async () => (await save()) < 300, 'the original model is in force again');
    });

    it('an edit is in force soon', async () => {
      expect(await save()).to.be.oneOf([200, 201]);
      await writeFile(model, readOnly());
      await until(async () => (await save()) === 403, 'the edited model is in force');
      expect((await gate.as(token, 'GET', '/api/contents')).status).to.equal(200);
    });

    it('a broken one is refused with line and reason, and the running one stays', async () => {
      await writeFile(model, original.replace('pathMatch(r.path', 'pathMatch(r.paht'));
      await until(() => logged(gate, 'paht').length > 0, 'the refusal is in the log');
      const [line] = logged(gate, 'paht');
      expect(line).to.include({ code: 'MODEL_INVALID', path: model });
      const problems = line?.['problems'] as { at: string }[] | undefined;
      expect(problems?.[0]?.at).to.match(/^line \d+$/);
      expect(await save()).to.be.below(300);
      const { version } = (await gate.admin('GET', '/model')).body;
      expect((await gate.admin('PUT', '/model', { text: 'nonsense' })).status).to.equal(422);
      expect((await gate.admin('GET', '/model')).body.version).to.equal(version);
    });

    it('one that drops a column which rules use is refused with those rules', async () => {
      const rule = {
        sub: 'role:viewer',
        res: 'files',
        act: 'read',
        path: '/never',
        cond: "r.ip == '192.0.2.1'",
      };
      const added = await gate.admin('POST', '/rules', { fields: rule });
      expect(added.status).to.equal(201);
      await writeFile(
        model,
        original.replace('path, cond, eft', 'path, eft').replace(' && eval(p.cond)', ''),
      );
      await until(() => logged(gate, '`cond`').length > 0, 'the refusal is in the log');
      expect(JSON.stringify(logged(gate, '`cond`')[0])).to.contain(`rule ${added.body.id}`);
      expect(await save()).to.be.below(300);
      await gate.admin('DELETE', `/rules/${added.body.id}`);
    });

    it('what the API restored stays until the file changes again', async () => {
      await writeFile(model, readOnly());
      await until(async () => (await save()) === 403, 'the edited model is in force');
      expect((await gate.admin('POST', '/model/versions/1/restore')).status).to.be.below(300);
      expect(await save()).to.be.below(300);
      // Longer than the file is left alone between two looks at it.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      expect(await save()).to.be.below(300);
      await writeFile(model, `${readOnly()}\n# again\n`);
      await until(async () => (await save()) === 403, 'the file that changed again is in force');
    });
  });

  describe('whose Jupyter is killed', () => {
    it('says that Jupyter is gone when it was killed, and works again when it was restarted', async () => {
      const token = await gate.person('kim', 'temporary');
      const socket = await kernelSocket(gate, token, await startKernel(gate, token));
      const kernels = async (): Promise<{ id: string }[]> =>
        (await (await gate.as(token, 'GET', '/api/kernels')).json()) as { id: string }[];
      const [lost] = await kernels();
      process.kill(jupyterOf(gate), 'SIGKILL');
      await until(async () => {
        const reply = await gate.as(token, 'GET', '/api/contents');
        if (reply.status !== 502) return false;
        // At the very moment of its end an answer may be broken off instead.
        return ((await reply.json()) as { code: string }).code === 'UPSTREAM_UNREACHABLE';
      }, 'requests are answered 502');
      expect((await fetch(`${gate.app.adminUrl}/readyz`)).status).to.equal(503);
      expect((await fetch(`${gate.app.adminUrl}/healthz`)).status).to.equal(200);
      await until(() => socket.readyState === WebSocket.CLOSED, 'the socket of the dead kernel is closed');
      await until(
        async () => (await gate.as(token, 'GET', '/api/contents')).status === 200,
        'Jupyter answers again',
      );
      expect((await fetch(`${gate.app.adminUrl}/readyz`)).status).to.equal(200);
      expect(await kernels()).to.deep.equal([]);
      expect((await gate.as(token, 'GET', `/api/kernels/${lost?.id}`)).status).to.equal(404);
      (await kernelSocket(gate, token, await startKernel(gate, token))).terminate();
      expect(await kernels()).to.have.length(1);
      const other = await gate.person('kai', 'temporary');
      expect(await (await gate.as(other, 'GET', '/api/kernels')).json()).to.deep.equal([]);
    });
  });
});

describe('a gate with short limits', function () {
  this.timeout(120_000);
  let gate: RunningGate;
  before(async () => {
    gate = await startGate('--upstream-timeout', '4s', '--session-lifetime', '10s', '--stop-timeout', '30s');
  });
  after(() => gate?.stop());

  it('answers 504 while Jupyter does not, and 200 when it does again', async () => {
    const token = await gate.person('sam', 'viewer');
    const pid = jupyterOf(gate);
    process.kill(pid, 'SIGSTOP');
    try {
      const reply = await gate.as(token, 'GET', '/api/contents');
      expect(reply.status).to.equal(504);
      expect(await reply.json()).to.include({ code: 'UPSTREAM_TIMEOUT' });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    await until(
      async () => (await gate.as(token, 'GET', '/api/contents')).status === 200,
      'Jupyter answers again',
    );
  });

  it('a session ends when its time is over', async () => {
    await gate.person('sue', 'viewer');
    const target = new URL(await gate.link('sue'));
    const browser = createBrowser(target.origin);
    await browser.get(target.pathname + target.search);
    expect((await browser.post(target.pathname + target.search)).status).to.equal(303);
    const name = async (): Promise<unknown> => {
      const { status, text } = await browser.get('/gate/login', { accept: 'application/json' });
      return status === 200 ? (JSON.parse(text) as { user: unknown }).user : status;
    };
    expect(await name()).to.equal('sue');
    await until(async () => (await name()) === null, 'nobody is signed in any more');
    expect((await browser.get('/lab')).headers.get('location')).to.match(/\/gate\/login/);
  });

  it('finishes a download under way when it stops, lets nothing new in, and keeps the record', async () => {
    const size = 96 * 1024 * 1024;
    await writeFile(join(gate.notebooks, 'big.bin'), Buffer.alloc(size, 7));
    const token = await gate.person('stan', 'viewer');
    const download = await gate.as(token, 'GET', '/files/big.bin');
    expect(download.status).to.equal(200);
    const id = download.headers.get('x-request-id') ?? '';
    let stopped = false;
    const stopping = gate.app.close().then(() => (stopped = true));
    await until(
      () =>
        gate.as(token, 'GET', '/api/contents').then(
          (reply) => reply.status === 503,
          () => true,
        ),
      'nothing new is let in',
    );
    expect(stopped).to.equal(false);
    expect((await download.arrayBuffer()).byteLength).to.equal(size);
    await stopping;
    expect(processesOf(dirname(gate.data))).to.deep.equal([]);
    const store = await openStore({
      database: `sqlite:${join(gate.data, 'gate.sqlite')}`,
      server: 'default',
      clock: systemClock,
    });
    try {
      const entries = await store.read.decisions.list({ subject: 'stan' }, { limit: 10 });
      expect(entries.find((entry) => entry.id === id)).to.include({
        route: 'files.get',
        code: 'ALLOWED',
        bytes: size,
      });
    } finally {
      await store.close();
    }
  });
});

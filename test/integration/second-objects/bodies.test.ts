/** What a body or a query names beside the address, on a real server; and large bodies, which are never gathered. */
import { existsSync } from 'node:fs';
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect } from 'chai';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';

const MEGABYTE = 1024 * 1024;

describe('a request with a second object in its body', function () {
  this.timeout(180_000);
  let gate: RunningGate;
  let ada: string;
  let full: string;

  before(async () => {
    gate = await startGate();
    ada = await gate.person('ada');
    full = await gate.person('fay', 'full');
    await mkdir(join(gate.notebooks, 'pub/dir'), { recursive: true });
    await mkdir(join(gate.notebooks, 'priv'), { recursive: true });
    await writeFile(join(gate.notebooks, 'priv/p.txt'), 'canary');
    await writeFile(join(gate.notebooks, 'pub/a.txt'), 'text');
    for (const fields of [
      { res: 'contents|files|checkpoints', act: 'read|write', path: '/pub/**' },
      { res: 'terminals|kernels|sessions', act: '*', path: '**', cond: "r.own == r.sub || r.own == ''" },
    ]) {
      const made = await gate.admin('POST', '/rules', { fields: { sub: 'ada', ...fields } });
      expect(made.status, JSON.stringify(made.body)).to.equal(201);
    }
  });
  after(() => gate?.stop());

  const raw = async (token: string, method: string, path: string, body: string): Promise<Response> =>
    fetch(gate.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body,
    });

  /** A file of `size` bytes, made while it is sent. */
  async function save(path: string, size: number): Promise<number> {
    const head = '{"type":"file","format":"text","content":"';
    const part = 'a'.repeat(MEGABYTE / 4);
    function* chunks(): Generator<string> {
      yield head;
      for (let sent = 0; sent < size; sent += part.length) yield part;
      yield '"}';
    }
    const sending = request(`${gate.url}/api/contents/${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${ada}`, 'content-type': 'application/json' },
    });
    const answered = new Promise<number>((resolve, reject) => {
      sending.on('error', reject);
      sending.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
    });
    await pipeline(Readable.from(chunks()), sending);
    return answered;
  }

  it('creates no file inside the path that was asked when the body is empty or means nothing', async () => {
    for (const body of ['', '{}', 'null', ' ', '[]']) {
      const answer = await raw(ada, 'PUT', '/api/contents/pub/dir', body);
      expect(answer.status, body).to.equal(400);
      expect(await answer.json()).to.include({ code: 'BODY_INVALID' });
    }
    expect(await readdir(join(gate.notebooks, 'pub/dir'))).to.deep.equal([]);
    const directory = { type: 'directory' };
    expect((await gate.as(ada, 'PUT', '/api/contents/pub/new', directory)).status).to.equal(201);
  });

  it('leads a copy, a rename and an extension to no place that may not be reached', async () => {
    const status = async (method: string, path: string, body: unknown) =>
      (await gate.as(ada, method, path, body)).status;
    expect(await status('POST', '/api/contents/pub', { copy_from: 'priv/p.txt' })).to.equal(404);
    expect(await status('POST', '/api/contents/pub', { copy_from: 'pub/../priv/p.txt' })).to.equal(400);
    expect(await status('POST', '/api/contents/pub', { ext: '/../../priv/x.txt' })).to.equal(400);
    expect(await status('PATCH', '/api/contents/pub/a.txt', { path: 'priv/a.txt' })).to.equal(404);
    expect(await status('PATCH', '/api/contents/priv/p.txt', { path: 'pub/p.txt' })).to.equal(404);
    expect(existsSync(join(gate.notebooks, 'priv/a.txt'))).to.equal(false);
    expect(await readdir(join(gate.notebooks, 'priv'))).to.deep.equal(['p.txt']);
  });

  it('restores a checkpoint only over a file that may be written', async () => {
    const made = await gate.as(full, 'POST', '/api/contents/priv/p.txt/checkpoints');
    expect(made.status).to.equal(201);
    const { id } = (await made.json()) as { id: string };
    const at = `/api/contents/priv/p.txt/checkpoints/${id}`;
    expect((await gate.as(ada, 'POST', at)).status).to.equal(404);
    expect((await gate.as(full, 'POST', at)).status).to.equal(204);
  });

  it('opens a terminal in no directory that may not be read', async () => {
    const open = (cwd: string) => gate.as(ada, 'POST', '/api/terminals', { cwd });
    expect((await open('priv')).status).to.equal(404);
    expect((await open('../..')).status).to.equal(400);
    expect((await open('/pub/../../etc')).status).to.equal(400);
    const opened = await open('pub/dir');
    expect(opened.status).to.equal(200);
    const { name } = (await opened.json()) as { name: string };
    await gate.as(ada, 'DELETE', `/api/terminals/${name}`);
  });

  it('emits an event only for who may change the server', async () => {
    const event = {
      schema_id: 'https://events.jupyter.org/jupyter_server/contents_service/v1',
      version: '1',
      data: { action: 'rename', path: 'pub/a.txt', source_path: 'priv/p.txt' },
    };
    expect((await gate.as(ada, 'POST', '/api/events', event)).status).to.equal(403);
    expect((await gate.as(full, 'POST', '/api/events', { ...event, more: 1 })).status).to.equal(400);
    expect((await gate.as(full, 'POST', '/api/events', event)).status).to.equal(204);
  });

  it('resolves no path that may not be read, from a body or a query', async () => {
    const ask = async (path: string) =>
      (await gate.as(ada, 'GET', `/api/resolvePath?path=${encodeURIComponent(path)}`)).status;
    expect(await ask('pub/a.txt')).to.equal(200);
    expect(await ask('priv/p.txt')).to.equal(404);
    expect(await ask('~/.ssh')).to.equal(400);
    expect(await ask('pub/../priv/p.txt')).to.equal(400);
    expect(await ask('/etc/passwd')).to.equal(404);
  });

  it('resolves nothing from the place of a kernel, but for who runs code there', async () => {
    const watcher = await gate.person('wanda', 'watcher');
    const runner = await gate.person('rita', 'runner');
    const started = async (token: string) =>
      (await (await gate.as(token, 'POST', '/api/kernels', { path: 'priv' })).json()) as { id: string };
    const ask = (token: string, kernel: string) =>
      gate.as(token, 'GET', `/api/resolvePath?path=p.txt&kernel=${kernel}`);
    const kernel = await started(full);
    const resolved = await ask(full, kernel.id);
    expect(await resolved.text()).to.include('/priv/p.txt');
    const refused = await ask(watcher, kernel.id);
    expect(refused.status).to.equal(403);
    expect(await refused.text()).not.to.include(gate.notebooks);
    const own = await started(runner);
    expect((await ask(runner, own.id)).status).to.equal(403);
    for (const [token, { id }] of [
      [full, kernel],
      [runner, own],
    ] as const)
      await gate.as(token, 'DELETE', `/api/kernels/${id}`);
  });

  it('passes 100 MB on without gathering them', async () => {
    expect(await save('pub/warm.txt', MEGABYTE)).to.equal(201);
    let most = 0;
    const before = process.memoryUsage().rss;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before);
    }, 20);
    expect(await save('pub/large.txt', 100 * MEGABYTE)).to.equal(201);
    clearInterval(watch);
    expect((await stat(join(gate.notebooks, 'pub/large.txt'))).size).to.equal(100 * MEGABYTE);
    // Sender and gate are one process here, and neither may hold the body.
    expect(most).to.be.below(100 * MEGABYTE);
  });

  it('reads 100 MB with a small multiple of that in memory', async () => {
    let most = 0;
    const before = process.memoryUsage().rss;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss - before);
    }, 20);
    const answer = await gate.as(ada, 'GET', '/api/contents/pub/large.txt?content=1');
    expect(answer.status).to.equal(200);
    let size = 0;
    for await (const chunk of answer.body as AsyncIterable<Uint8Array>) size += chunk.length;
    clearInterval(watch);
    expect(size).to.be.above(100 * MEGABYTE);
    expect(most).to.be.below(450 * MEGABYTE);
  });
});

/** Each person sees what is theirs: listings, counts and objects, with rules for each path. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';

interface Model {
  readonly path: string;
  readonly type: string;
  readonly writable: boolean;
  readonly content: readonly Model[] | null;
}

describe('what each person sees', function () {
  this.timeout(120_000);
  let gate: RunningGate;
  let ada: string;
  let bob: string;

  before(async () => {
    gate = await startGate();
    [ada, bob] = [await gate.person('ada'), await gate.person('bob')];
    for (const file of [
      'home/ada/a.txt',
      'home/ada/sub/b.txt',
      'home/bob/secret.txt',
      'lectures/one.txt',
      'priv/p.txt',
    ]) {
      await mkdir(join(gate.notebooks, file, '..'), { recursive: true });
      await writeFile(join(gate.notebooks, file), 'text');
    }
    await rule({ res: 'contents|files|checkpoints', act: 'read|write', path: '/home/{user}/**' });
    await rule({ res: 'contents|files', act: 'read', path: '/lectures/**' });
    await rule({ res: 'pages|api|kernelspecs|static', act: 'read', path: '**' });
    await rule({ res: 'kernels|sessions|channels|terminals', act: '*', path: '**', cond: 'r.own == r.sub' });
    await rule({ res: 'kernels|sessions|terminals', act: 'read', path: '**', cond: "r.own == ''" });
  });
  after(() => gate?.stop());

  const rule = async (fields: Record<string, string>): Promise<void> => {
    const made = await gate.admin('POST', '/rules', { fields: { sub: 'role:everyone', ...fields } });
    expect(made.status, JSON.stringify(made.body)).to.equal(201);
  };
  const list = async (token: string, path: string): Promise<Model> => {
    const answer = await gate.as(token, 'GET', `/api/contents${path}?content=1`);
    expect(answer.status, path).to.equal(200);
    return (await answer.json()) as Model;
  };
  const names = ({ content }: Model) =>
    content?.map(({ path, writable }) => `${path} ${writable}`).toSorted();

  it('is every directory on the way to something of theirs, cut to what leads there', async () => {
    const root = await list(ada, '');
    expect(names(root)).to.deep.equal(['home false', 'lectures false']);
    expect(root.writable).to.equal(false);
    expect(names(await list(ada, '/home'))).to.deep.equal(['home/ada true']);
    expect(names(await list(bob, '/home'))).to.deep.equal(['home/bob true']);
    expect(names(await list(ada, '/home/ada'))).to.deep.equal(['home/ada/a.txt true', 'home/ada/sub true']);
    expect(names(await list(ada, '/lectures'))).to.deep.equal(['lectures/one.txt false']);
  });

  it('is no directory that leads nowhere, and nothing on the way but its listing', async () => {
    const status = async (token: string, method: string, path: string, body?: unknown) =>
      (await gate.as(token, method, path, body)).status;
    expect(await status(ada, 'GET', '/api/contents/priv')).to.equal(404);
    expect(await status(ada, 'GET', '/api/contents/home/bob')).to.equal(404);
    expect(await status(ada, 'GET', '/api/contents/home/bob/secret.txt')).to.equal(404);
    expect(await status(ada, 'DELETE', '/api/contents/home')).to.equal(403);
    expect(await status(ada, 'PATCH', '/api/contents/home', { path: 'home/ada/x' })).to.equal(403);
    expect(await status(ada, 'POST', '/api/contents/home', { type: 'file' })).to.equal(403);
    expect(
      await status(ada, 'POST', '/api/contents/home/ada', { copy_from: 'home' }),
      'into itself',
    ).to.equal(400);
    expect(await status(ada, 'GET', '/files/home')).to.equal(403);
    expect(await status(ada, 'GET', '/tree/home')).to.equal(200);
    expect(await status(ada, 'GET', '/tree/priv')).to.equal(403);
    expect(await status(ada, 'GET', '/lab/tree/home')).to.equal(200);
  });

  it('is closed by a rule that denies it, though something below it may be read', async () => {
    await rule({ res: 'contents', act: 'read', path: '/priv/deep/**' });
    expect(await list(ada, '/priv')).to.have.property('path', 'priv');
    await rule({ res: 'contents', act: 'read', path: '/priv', eft: 'deny' });
    expect((await gate.as(ada, 'GET', '/api/contents/priv')).status).to.equal(403);
  });

  it('counts and lists only their kernels, and answers 404 for those of others', async () => {
    const started = await gate.as(ada, 'POST', '/api/kernels', { name: 'python3', path: 'home/ada/a.txt' });
    expect(started.status, await started.clone().text()).to.equal(201);
    const { id } = (await started.json()) as { id: string };
    const json = async (token: string, path: string) => (await gate.as(token, 'GET', path)).json();
    expect(await json(ada, '/api/status')).to.include({ kernels: 1 });
    expect(await json(bob, '/api/status')).to.include({ kernels: 0, connections: 0 });
    expect(await json(bob, '/api/kernels')).to.deep.equal([]);
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/interrupt'],
      ['POST', '/restart'],
    ] as const) {
      expect((await gate.as(bob, method, `/api/kernels/${id}${path}`)).status, path).to.equal(404);
    }
    expect((await gate.as(ada, 'DELETE', `/api/kernels/${id}`)).status).to.equal(204);
  });

  it('is no environment of a kernel', async () => {
    const specs = (await (await gate.as(ada, 'GET', '/api/kernelspecs')).json()) as {
      kernelspecs: Record<string, { spec: { env?: object } }>;
    };
    expect(specs.kernelspecs['python3']?.spec.env).to.deep.equal({});
  });
});

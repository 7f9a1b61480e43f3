import { expect } from 'chai';
import { AppError } from '../../../src/core/errors.ts';
import type { ObjectKind } from '../../../src/core/question.ts';
import type { Asker } from '../../../src/present/presenter.ts';
import { at, classified, jsonOf, openStage, person, reply } from '../../support/presenting.ts';
import type { Stage } from '../../support/presenting.ts';

const kernel = (id: string) => ({ id, name: 'python3', execution_state: 'idle', connections: 1 });
const session = (id: string, path: string, kernelId: string) => ({
  id,
  path,
  name: path,
  type: 'notebook',
  kernel: kernel(kernelId),
  notebook: { path, name: path },
});

describe('present kernels, sessions and terminals', () => {
  let stage: Stage;
  let anna: Asker;
  let bert: Asker;
  let asked: string[];
  beforeEach(async () => {
    asked = [];
    stage = await openStage({
      ask: (method, target) => {
        asked.push(`${method} ${target}`);
        return Promise.resolve({ status: 204, body: null });
      },
    });
    anna = person({ subject: 'anna', rules: [] }, stage.store.objects);
    bert = person({ subject: 'bert', rules: [] }, stage.store.objects);
  });
  afterEach(() => stage.close());

  const owner = (kind: ObjectKind, id: string) => stage.store.objects.lookup(kind, id)?.owner;
  const create = (asker: Asker, body: ReturnType<typeof session>, notebook = at(`/${body.path}`)) =>
    stage.presenter.rewrite(
      classified('session-created', { params: { notebook } }),
      asker,
      reply(body, { status: 201 }),
    );
  const code = async (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'nothing',
      (error: unknown) => (error instanceof AppError ? error.code : error),
    );

  it('owns session and kernel before the creator hears of them', async () => {
    const answer = await create(anna, session('s1', 'pub/x', 'k1'), at('/pub/a.ipynb'));
    expect(answer.status).to.equal(201);
    expect(stage.store.objects.lookup('session', 's1')).to.include({
      owner: 'anna',
      path: '/pub/a.ipynb',
      kernelId: 'k1',
    });
    expect(stage.store.objects.lookup('kernel', 'k1')).to.include({ owner: 'anna', path: '/pub/a.ipynb' });
  });

  it('lists to each person what is theirs', async () => {
    await create(anna, session('s1', 'a', 'k1'));
    await create(bert, session('s2', 'b', 'k2'));
    const sessions = reply([session('s1', 'a', 'k1'), session('s2', 'b', 'k2'), session('s3', 'c', 'k3')]);
    const kernels = reply([kernel('k1'), kernel('k2'), kernel('k3')]);
    const ids = async (kind: 'sessions' | 'kernels', asker: Asker) =>
      jsonOf<{ id: string }[]>(
        await stage.presenter.rewrite(classified(kind), asker, kind === 'sessions' ? sessions : kernels),
      ).map(({ id }) => id);
    expect(await ids('sessions', anna)).to.deep.equal(['s1']);
    expect(await ids('sessions', bert)).to.deep.equal(['s2']);
    expect(await ids('kernels', anna)).to.deep.equal(['k1']);
  });

  it('shows a session with its kernel or not at all, in the list and by itself', async () => {
    await create(anna, session('s1', 'a', 'k1'));
    const curious = person({ subject: 'bert', rules: ['sessions * *'] }, stage.store.objects);
    const asking = classified('session', { object: { kind: 'session', id: 's1' } });
    const shown = (asker: Asker) => stage.presenter.rewrite(asking, asker, reply(session('s1', 'a', 'k1')));
    expect((await shown(anna)).status).to.equal(200);
    expect(await code(shown(curious))).to.equal('NOT_FOUND');
  });

  it('refuses a session of the same path that somebody else started', async () => {
    await create(anna, session('s1', 'a', 'k1'));
    expect(await code(create(bert, session('s1', 'a', 'k1')))).to.equal('OBJECT_FOREIGN');
    expect(owner('session', 's1')).to.equal('anna');
  });

  it('refuses a new session on a kernel that somebody else started, and records nothing', async () => {
    await create(anna, session('s1', 'a', 'k1'));
    expect(await code(create(bert, session('s2', 'b', 'k1')))).to.equal('OBJECT_FOREIGN');
    expect(owner('session', 's2')).to.equal(undefined);
    expect(owner('kernel', 'k1')).to.equal('anna');
  });

  it('leaves the owner of a shared kernel in place when it is attached to', async () => {
    await create(anna, session('s1', 'a', 'k1'));
    const guest = person({ subject: 'bert', rules: ['* * *'] }, stage.store.objects);
    await create(guest, session('s2', 'b', 'k1'));
    expect(owner('session', 's2')).to.equal('bert');
    expect(owner('kernel', 'k1')).to.equal('anna');
  });

  it('takes back what was created when the owner cannot be written down', async () => {
    const record = () => Promise.reject(new AppError('STORE_UNAVAILABLE'));
    const broken = await openStage({
      ask: stage.deps.ask,
      registry: { ...stage.store.objects, record },
    });
    const work = broken.presenter.rewrite(
      classified('kernel-created'),
      anna,
      reply(kernel('k9'), { status: 201 }),
    );
    expect(await code(work)).to.equal('STORE_UNAVAILABLE');
    expect(asked).to.deep.equal(['DELETE /api/kernels/k9']);
    await broken.close();
  });

  it('leaves a kernel that was there when its new session cannot be written down', async () => {
    await create(anna, session('s1', 'a', 'k1'));
    const record = () => Promise.reject(new AppError('STORE_UNAVAILABLE'));
    const broken = await openStage({
      ask: stage.deps.ask,
      registry: { ...stage.store.objects, record },
    });
    const opening = (id: string, kernelId: string) =>
      broken.presenter.rewrite(
        classified('session-created'),
        anna,
        reply(session(id, 'b', kernelId), { status: 201 }),
      );
    // Jupyter ends the kernel of a session that is deleted.
    expect(await code(opening('s2', 'k1'))).to.equal('STORE_UNAVAILABLE');
    expect(asked).to.deep.equal([]);
    expect(await code(opening('s3', 'k3'))).to.equal('STORE_UNAVAILABLE');
    expect(asked).to.deep.equal(['DELETE /api/sessions/s3', 'DELETE /api/kernels/k3']);
    await broken.close();
  });

  it('follows a session to its notebook, with its kernel', async () => {
    await create(anna, session('s1', 'pub/uuid', 'k1'));
    const asking = classified('session-changed', { params: { notebook: '/pub/a.ipynb' } });
    await stage.presenter.rewrite(asking, anna, reply(session('s1', 'pub/a.ipynb', 'k1')));
    expect(stage.store.objects.lookup('session', 's1')?.path).to.equal('/pub/a.ipynb');
    expect(stage.store.objects.lookup('kernel', 'k1')?.path).to.equal('/pub/a.ipynb');
  });

  it('keeps the path of a session that is only given a name', async () => {
    await create(anna, session('s1', 'pub/uuid', 'k1'), at('/pub/a.ipynb'));
    await stage.presenter.rewrite(
      classified('session-changed'),
      anna,
      reply(session('s1', 'pub/uuid', 'k1')),
    );
    expect(stage.store.objects.lookup('session', 's1')?.path).to.equal('/pub/a.ipynb');
  });

  it('leaves the kernel with its notebook when a console on it moves', async () => {
    await create(anna, session('s1', 'pub/a.ipynb', 'k1'));
    await create(anna, session('s2', 'pub/console-1', 'k1'));
    const asking = classified('session-changed', { params: { notebook: '/priv/console-1' } });
    await stage.presenter.rewrite(asking, anna, reply(session('s2', 'priv/console-1', 'k1')));
    expect(stage.store.objects.lookup('kernel', 'k1')?.path).to.equal('/pub/a.ipynb');
  });

  it('gives the kernel that replaces another to the owner of the session', async () => {
    await create(anna, session('s1', 'a', 'k1'));
    const admin = person({ subject: 'root', rules: ['* * *'] }, stage.store.objects);
    await stage.presenter.rewrite(classified('session-changed'), admin, reply(session('s1', 'a', 'k2')));
    expect(owner('kernel', 'k2')).to.equal('anna');
    expect(owner('kernel', 'k1')).to.equal(undefined);
  });

  it('forgets a deleted session with its kernel and the sessions on it', async () => {
    await create(anna, session('s1', 'a', 'k1'));
    await create(anna, session('s2', 'console', 'k1'));
    const asking = classified('session-deleted', { object: { kind: 'session', id: 's1' }, action: 'write' });
    expect(stage.presenter.rewrites(asking, 204, '')).to.equal(true);
    await stage.presenter.rewrite(asking, anna, { status: 204, headers: {}, body: Buffer.alloc(0) });
    expect([owner('session', 's1'), owner('session', 's2'), owner('kernel', 'k1')]).to.deep.equal([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('keeps the owner when a deletion failed', async () => {
    await create(anna, session('s1', 'a', 'k1'));
    const asking = classified('session-deleted', { object: { kind: 'session', id: 's1' } });
    await stage.presenter.rewrite(asking, anna, reply({ message: 'busy' }, { status: 500 }));
    expect(owner('session', 's1')).to.equal('anna');
  });

  it('forgets a kernel that is not there any more', async () => {
    await create(anna, session('s1', 'a', 'k1'));
    const asking = classified('kernel', { object: { kind: 'kernel', id: 'k1' } });
    const answer = await stage.presenter.rewrite(asking, anna, reply({ message: 'gone' }, { status: 404 }));
    expect(answer.status).to.equal(404);
    expect(owner('kernel', 'k1')).to.equal(undefined);
  });

  it('gives the name of a terminal that ended to whoever opens the next one', async () => {
    const open = (asker: Asker) =>
      stage.presenter.rewrite(classified('terminal-created'), asker, reply({ name: '1' }));
    await open(anna);
    expect(owner('terminal', '1')).to.equal('anna');
    await open(bert);
    expect(owner('terminal', '1')).to.equal('bert');
    const list = await stage.presenter.rewrite(classified('terminals'), anna, reply([{ name: '1' }]));
    expect(jsonOf(list)).to.deep.equal([]);
  });

  it('forgets what a list does not hold, but not what may be younger than the list', async () => {
    await create(anna, session('s1', 'a', 'k1'));
    await stage.presenter.rewrite(classified('kernels'), anna, reply([]));
    expect(owner('kernel', 'k1')).to.equal('anna');
    const later = await openStage({
      registry: stage.store.objects,
      clock: { now: () => Date.now() + 3_600_000 },
    });
    await later.presenter.rewrite(classified('kernels'), bert, reply([]));
    expect(owner('kernel', 'k1')).to.equal('anna');
    await later.presenter.rewrite(classified('kernels'), anna, reply([]));
    expect(owner('kernel', 'k1')).to.equal(undefined);
    await later.close();
  });

  it('counts only the kernels of the asker in the status', async () => {
    const ask = () => Promise.resolve({ status: 200, body: [kernel('k1'), kernel('k2')] });
    const counting = await openStage({ ask, registry: stage.store.objects });
    await create(anna, session('s1', 'a', 'k1'));
    const upstream = reply({ connections: 7, kernels: 2, started: 'x' });
    const answer = await counting.presenter.rewrite(classified('status'), anna, upstream);
    expect(jsonOf(answer)).to.deep.equal({ connections: 1, kernels: 1, started: 'x' });
    await counting.close();
  });

  it('shows kernel specifications without environment and provisioner', async () => {
    const spec = {
      argv: ['python'],
      env: { PASSWORD: 'x' },
      display_name: 'P',
      metadata: { debugger: true, kernel_provisioner: { config: { key: 'y' } } },
    };
    const list = reply({ default: 'p', kernelspecs: { p: { name: 'p', spec, resources: {} } } });
    const one = reply({ name: 'p', spec, resources: {} });
    const harmless = { argv: ['python'], env: {}, display_name: 'P', metadata: { debugger: true } };
    expect(jsonOf(await stage.presenter.rewrite(classified('kernelspecs'), anna, list))).to.deep.equal({
      default: 'p',
      kernelspecs: { p: { name: 'p', spec: harmless, resources: {} } },
    });
    expect(jsonOf(await stage.presenter.rewrite(classified('kernelspecs'), anna, one))).to.have.deep.property(
      'spec',
      harmless,
    );
  });
});

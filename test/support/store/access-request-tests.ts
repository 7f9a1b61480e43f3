import { expect } from 'chai';
import type { AccessRequestRecord } from '../../../src/store/access-requests.ts';
import type { StoreContext } from '../store-suite.ts';
import { rejection } from './rejection.ts';
import { NOW } from './samples.ts';

type NewRequest = Omit<AccessRequestRecord, 'id'>;

function aRequest(change: Partial<NewRequest> = {}): NewRequest {
  return {
    subject: 'ada',
    server: 'default',
    res: 'contents',
    act: 'read',
    path: '/exams/final.ipynb',
    address: '/lab/tree/exams/final.ipynb',
    role: 'role:viewer',
    reason: 'to mark them',
    status: 'open',
    createdAt: NOW,
    decidedAt: null,
    decidedBy: '',
    note: '',
    grantedRole: '',
    expiresAt: null,
    ...change,
  };
}

export function accessRequestTests(context: StoreContext): void {
  const insert = (change: Partial<NewRequest> = {}): Promise<AccessRequestRecord> =>
    context.store.transaction(({ accessRequests }) => accessRequests.insert(aRequest(change)));
  const idsOf = async (filter: Parameters<typeof list>[0]): Promise<number[]> =>
    (await list(filter)).map(({ id }) => id);
  const list = (filter: { status?: AccessRequestRecord['status']; openSince?: number; subject?: string }) =>
    context.store.read.accessRequests.list(filter, { limit: 10 });

  it('gives back a request exactly as it was stored', async () => {
    const request = await insert({ decidedAt: NOW + 1, decidedBy: 'admin', expiresAt: NOW + 2, note: 'ü' });
    expect(await context.store.read.accessRequests.find(request.id)).to.deep.equal(request);
    expect(await context.store.read.accessRequests.find(request.id + 1)).to.equal(undefined);
  });

  it('holds one open request for each person and thing', async () => {
    const first = await insert();
    expect(await rejection(insert())).to.include({ code: 'REQUEST_EXISTS' });
    await insert({ subject: 'bob' });
    await insert({ act: 'write' });
    const closed = await context.store.transaction(({ accessRequests }) =>
      accessRequests.close(first.id, { status: 'declined', decidedAt: NOW + 1, decidedBy: 'admin' }),
    );
    expect(closed).to.equal(true);
    expect((await insert()).id).to.be.greaterThan(first.id);
  });

  it('closes a request once', async () => {
    const { id } = await insert();
    const close = (status: 'approved' | 'declined') =>
      context.store.transaction(({ accessRequests }) => accessRequests.close(id, { status }));
    expect(await close('approved')).to.equal(true);
    expect(await close('declined')).to.equal(false);
    expect(await context.store.read.accessRequests.find(id)).to.include({ status: 'approved' });
  });

  it('lists the newest first, and counts one that is open for too long as expired', async () => {
    const old = await insert({ createdAt: NOW - 10 });
    const fresh = await insert({ path: '/b' });
    const written = await insert({ path: '/c', status: 'expired' });
    const openSince = NOW - 10;
    expect(await idsOf({})).to.deep.equal([written.id, fresh.id, old.id]);
    expect(await idsOf({ status: 'open', openSince })).to.deep.equal([fresh.id]);
    expect(await idsOf({ status: 'expired', openSince })).to.deep.equal([written.id, old.id]);
    expect(await idsOf({ subject: 'bob' })).to.deep.equal([]);
    const page = await context.store.read.accessRequests.list({}, { limit: 1, after: fresh.id });
    expect(page.map(({ id }) => id)).to.deep.equal([old.id]);
  });

  it('drops what is closed beyond the newest of a person, and nothing that is open', async () => {
    const open = await insert();
    for (const path of ['/1', '/2', '/3']) await insert({ path, status: 'declined' });
    const other = await insert({ subject: 'bob', status: 'declined' });
    await context.store.transaction(({ accessRequests }) => accessRequests.trim('ada', 1));
    const left = await list({});
    expect(left.map(({ path }) => path)).to.deep.equal([other.path, '/3', open.path]);
  });
}

import { expect } from 'chai';
import type { AppError } from '../../../../src/core/errors.ts';
import { createAttempts } from '../../../../src/authenticate/attempts.ts';
import { createAccessAdviser } from '../../../../src/manage/access-requests/access-adviser.ts';
import { accessRequestView } from '../../../../src/manage/access-requests/access-request-view.ts';
import { approveAccess } from '../../../../src/manage/access-requests/approve-access.ts';
import type { Approval } from '../../../../src/manage/access-requests/approve-access.ts';
import { askAccess } from '../../../../src/manage/access-requests/ask-access.ts';
import type { AskingDeps } from '../../../../src/manage/access-requests/asking-deps.ts';
import {
  declineAccess,
  withdrawRequest,
} from '../../../../src/manage/access-requests/close-access-request.ts';
import { listAccessRequests } from '../../../../src/manage/access-requests/list-access-requests.ts';
import { wantedThing } from '../../../../src/manage/access-requests/wanted-access.ts';
import type { Actor } from '../../../../src/manage/actor.ts';
import { expireGrants } from '../../../../src/manage/grants/expire-grants.ts';
import { grantRole } from '../../../../src/manage/grants/grant-role.ts';
import { addRole, putRole } from '../../../../src/manage/roles/add-role.ts';
import { addRule } from '../../../../src/manage/rules/add-rule.ts';
import { addUser } from '../../../../src/manage/users/add-user.ts';
import type { AccessRequestRecord } from '../../../../src/store/access-requests.ts';
import { codeOf, openManagedGate } from '../../../support/managed-gate.ts';
import type { ManagedGate } from '../../../support/managed-gate.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('requests for access', () => {
  let gate: ManagedGate;
  let deps: AskingDeps;
  beforeEach(async () => {
    gate = await openManagedGate();
    const { management, clock, root } = gate;
    deps = {
      management,
      classifyUrl: () => ({ route: '', questions: [] }),
      adviser: createAccessAdviser(management),
      asks: createAttempts({ clock, limit: 20, window: 600_000 }),
    };
    await addUser(management, root, { name: 'ada' });
    await grantRole(management, root, { subject: 'ada', role: 'viewer' });
  });
  afterEach(() => gate.close());

  interface Thing {
    act?: string;
    res?: string;
    path?: string;
  }
  const asker = (subject = 'ada') => ({ subject, ip: '192.0.2.1' });
  const wanted = ({ act = 'write', res = 'contents', path = '/pub/a.ipynb' }: Thing = {}, subject = 'ada') =>
    wantedThing(gate.management, asker(subject), { act, res, path });
  const tryToAsk = (thing: Thing = {}, reason = 'a typo', subject = 'ada') =>
    askAccess(deps, { asker: asker(subject), wanted: wanted(thing, subject), address: '', reason });
  const ask = async (thing?: Thing, reason?: string, subject?: string) => {
    const request = await tryToAsk(thing, reason, subject);
    if (request === undefined) throw new Error('nothing was missing');
    return request;
  };
  const approve = async (approval: Approval, actor: Actor = gate.root) =>
    (await approveAccess(gate.management, actor, approval)).result;
  const may = (act: 'read' | 'write' | 'execute', path: string, res: 'contents' | 'terminals' = 'contents') =>
    gate.decide('ada', act, res, path).allowed;
  const advice = (thing: Thing, subject = 'ada') => deps.adviser.advise(wanted(thing, subject));
  const deputy = async (name: string, ...roles: string[]): Promise<Actor> => {
    const { management, root } = gate;
    await addUser(management, root, { name });
    await addRole(management, root, { name: `role:of-${name}` });
    await addRule(management, root, { sub: `role:of-${name}`, res: 'gate:requests', act: 'read|write' });
    for (const role of [`role:of-${name}`, ...roles])
      await grantRole(management, root, { subject: name, role });
    return { subject: name, roles: null, address: '' };
  };
  const auditOf = async (): Promise<string[]> => {
    const rows = await gate.management.store.read.audit.list({}, { limit: 5 });
    return rows.map(({ what, target, actor }) => `${what} ${target} ${actor}`);
  };

  describe('suggest a role', () => {
    const roleFor = async (thing: Thing, subject?: string) =>
      (await deps.adviser.suggest(wanted(thing, subject)))?.name;

    it('that is the smallest of those that allow it', async () => {
      expect(await roleFor({ act: 'write' })).to.equal('role:editor');
      expect(await roleFor({ act: 'execute', res: 'kernels' })).to.equal('role:runner');
      expect(await roleFor({ act: 'execute', res: 'nbconvert' })).to.equal('role:temporary');
      expect(await roleFor({ act: 'execute', res: 'terminals', path: '' })).to.equal('role:full');
      await addUser(gate.management, gate.root, { name: 'new' });
      expect(await roleFor({ act: 'read' }, 'new')).to.equal('role:viewer');
    });

    it('made for that very place rather than one for everything, and for the person it is for', async () => {
      const { management, root } = gate;
      for (const name of ['homes', 'pub-writer']) await addRole(management, root, { name: `role:${name}` });
      const write = { res: 'contents', act: 'write' };
      await addRule(management, root, { sub: 'role:pub-writer', path: '/pub/**', ...write });
      await addRule(management, root, { sub: 'role:homes', path: '/home/{user}/**', ...write });
      expect(await roleFor({ path: '/pub/a.ipynb' })).to.equal('role:pub-writer');
      expect(await roleFor({ path: '/home/ada/a.ipynb' })).to.equal('role:homes');
      expect(await roleFor({ path: '/home/bob/a.ipynb' })).to.equal('role:editor');
    });

    it('that administers the gate only where no other would do', async () => {
      const { management, root } = gate;
      await addRole(management, root, { name: 'role:keeper' });
      await addRule(management, root, { sub: 'role:keeper', res: 'gate:audit', act: 'read' });
      await addRule(management, root, { sub: 'role:keeper', res: 'contents', act: 'write', path: '/pub/**' });
      expect(await roleFor({ path: '/pub/a' })).to.equal('role:editor');
      await addRule(management, root, {
        sub: 'role:editor',
        path: '/pub/**',
        res: 'contents',
        act: 'write',
        eft: 'deny',
      });
      await addRule(management, root, {
        sub: 'role:full',
        path: '/pub/**',
        res: 'contents',
        act: 'write',
        eft: 'deny',
      });
      expect(await roleFor({ path: '/pub/a' })).to.equal('role:keeper');
    });

    it('never that was made for another request', async () => {
      const { management, root } = gate;
      const { id } = await ask({ path: '/pub/a.ipynb' });
      await approve({ id });
      await addUser(management, root, { name: 'bob' });
      await grantRole(management, root, { subject: 'bob', role: 'viewer' });
      expect(await roleFor({ path: '/pub/a.ipynb' }, 'bob')).to.equal('role:editor');
    });

    it('for nobody whom a rule refuses it whatever else they hold', async () => {
      const { management, root } = gate;
      const deny = { sub: 'ada', res: 'contents', act: 'write', path: '/pub/**', eft: 'deny' };
      await addRule(management, root, deny);
      expect(await roleFor({ path: '/pub/a' })).to.equal(undefined);
    });
  });

  describe('tell the asker', () => {
    it('the nearest rule of theirs, and what it lacks', async () => {
      const viewer = { holder: 'role:viewer', acts: 'read', path: '**', lacks: 'action' };
      expect(await advice({ act: 'write' })).to.deep.include({ isKnown: true, nearest: viewer });
      expect((await advice({ act: 'execute', res: 'terminals', path: '' }))?.nearest).to.include({
        holder: 'role:viewer',
        lacks: 'action',
      });
      const { management, root } = gate;
      const rule = { sub: 'ada', res: 'contents', act: 'write' };
      await addRule(management, root, { ...rule, path: '/home/**' });
      expect((await advice({ act: 'write' }))?.nearest).to.include({ holder: 'ada', lacks: 'path' });
      await addRule(management, root, {
        ...rule,
        path: '/pub/**',
        cond: "between(r.time, '03:00', '03:01')",
      });
      expect((await advice({ act: 'write' }))?.nearest).to.include({ path: '/pub/**', lacks: 'condition' });
      await addRule(management, root, { ...rule, path: '/pub/**', eft: 'deny' });
      expect((await advice({ act: 'write' }))?.nearest).to.include({ path: '/pub/**', lacks: 'effect' });
    });

    it('nothing that a made-up path would not tell too, where they may not look', async () => {
      const { management, root } = gate;
      await addUser(management, root, { name: 'new' });
      await addRole(management, root, { name: 'role:merger' });
      await addRule(management, root, {
        sub: 'role:merger',
        res: 'contents',
        act: 'read',
        path: '/merger/**',
      });
      const [real, madeUp] = [
        await advice({ act: 'read', path: '/merger/a' }, 'new'),
        await advice({ act: 'read', path: '/x' }, 'new'),
      ];
      expect(real).to.include({ isKnown: false });
      expect(real?.role?.name).to.equal('role:viewer');
      expect({ ...real, thing: 0 }).to.deep.equal({ ...madeUp, thing: 0 });
      expect((await deps.adviser.suggest(wanted({ act: 'read', path: '/merger/a' }, 'new')))?.name).to.equal(
        'role:merger',
      );
    });
  });

  it('are written down with the smallest role, and asked again are the same', async () => {
    const first = await ask({}, 'a\u0007 typo\n\u202ein cell 3');
    expect(first).to.include({ subject: 'ada', act: 'write', path: '/pub/a.ipynb', status: 'open' });
    expect(first).to.include({ role: 'role:editor', reason: 'a typo in cell 3' });
    expect((await ask({}, 'again')).id).to.equal(first.id);
    expect((await ask({ act: 'execute', res: 'kernels' })).id).not.to.equal(first.id);
    expect(await tryToAsk({ act: 'read' })).to.equal(undefined);
    expect((await auditOf()).slice(0, 2)).to.deep.equal(['request.ask 2 ada', 'request.ask 1 ada']);
  });

  it('need a reason of a length that people read', async () => {
    for (const reason of ['', ' \n ', '\u200b', 'x'.repeat(501)])
      expect(await codeOf(tryToAsk({}, reason)), JSON.stringify(reason)).to.equal('INPUT_INVALID');
    expect((await ask({}, '🙂'.repeat(500))).status).to.equal('open');
    expect(await codeOf(tryToAsk({ path: `/${'ü'.repeat(600)}` }))).to.equal('INPUT_INVALID');
  });

  it('are bounded for each person: so many in a while, and so many that wait', async () => {
    for (let count = 0; count < 10; count++) await ask({ path: `/${count}` });
    expect(await codeOf(tryToAsk({ path: '/11' }))).to.equal('REQUESTS_TOO_MANY');
    const me: Actor = { subject: 'ada', roles: null, address: '' };
    for (let count = 0; count < 9; count++) {
      await withdrawRequest(gate.management, me, count + 1);
      await ask({ path: `/more-${count}` });
    }
    expect(await codeOf(tryToAsk({ path: '/another' }))).to.equal('TOO_MANY_ATTEMPTS');
  });

  it('that were answered are kept up to fifty for each person', async () => {
    const old = await ask();
    await gate.management.store.transaction(async ({ accessRequests }) => {
      for (let count = 0; count < 60; count++)
        await accessRequests.insert({ ...withoutId(old), path: `/${count}`, status: 'declined' });
    });
    await ask({ path: '/new' });
    const { items } = await listAccessRequests(gate.management, { subject: 'ada' }, { limit: 500 });
    expect(items, 'fifty and the one that is open').to.have.length(51);
    expect(items.at(-1)).to.deep.include({ id: old.id, status: 'open' });
  });

  it('approved give the role on what was asked for, for eight hours', async () => {
    const { id } = await ask();
    expect([may('write', '/pub/a.ipynb'), may('write', '/pub/b.ipynb')]).to.deep.equal([false, false]);
    const approved = await approve({ id, note: 'mind the\u0000 gap' });
    expect(approved).to.include({ status: 'approved', decidedBy: 'gate:root', note: 'mind the gap' });
    expect(approved.expiresAt).to.equal(gate.clock.now() + 8 * HOUR);
    expect([may('write', '/pub/a.ipynb'), may('write', '/pub/b.ipynb')]).to.deep.equal([true, false]);
    expect((await auditOf()).slice(0, 2)).to.have.members([
      'grant.add ada role:request-1 gate:root',
      'request.approve 1 gate:root',
    ]);
    gate.clock.tick(8 * HOUR);
    expect(may('write', '/pub/a.ipynb')).to.equal(false);
    await expireGrants(gate.management);
    const { roles, rules } = gate.management.store.read;
    expect(await roles.find('role:request-1'), 'the role made for it').to.equal(undefined);
    expect(await rules.list({ sub: 'role:request-1' }, { limit: 1 })).to.deep.equal([]);
    expect(may('read', '/pub/a.ipynb'), 'what was there before').to.equal(true);
  });

  it('approved as the administrator says: another role, place and end', async () => {
    const { id } = await ask();
    const expiresAt = gate.clock.now() + HOUR;
    await approve({ id, role: 'full', path: '**', expiresAt });
    expect(may('execute', '', 'terminals')).to.equal(true);
    gate.clock.tick(HOUR);
    expect(may('execute', '', 'terminals')).to.equal(false);
    const other = await ask({ path: '/pub/b.ipynb' });
    await approve({ id: other.id, path: '/pub/**' });
    expect([may('write', '/pub/c.ipynb'), may('write', '/d')]).to.deep.equal([true, false]);
  });

  it('approved with a role whose paths name `{user}` give what that is for whoever asked', async () => {
    const { management, root } = gate;
    await addRole(management, root, { name: 'role:homes' });
    for (const path of ['/home/{user}/**', '/home/*/{user}'])
      await addRule(management, root, { sub: 'role:homes', res: 'contents', act: 'write', path });
    const { id, role } = await ask({ path: '/home/ada/a.ipynb' });
    expect(role).to.equal('role:homes');
    await approve({ id });
    expect([may('write', '/home/ada/a.ipynb'), may('write', '/home/ada/b')]).to.deep.equal([true, false]);
    const other = await ask({ path: '/home/ada/b' });
    await approve({ id: other.id, role: 'homes', path: '/home/**' });
    const places = ['/home/ada/b', '/home/bob/ada', '/home/bob/b', '/home/{user}/b'];
    expect(places.map((path) => may('write', path))).to.deep.equal([true, true, false, false]);
  });

  it('are answered once: the same again changes nothing, another answer is refused', async () => {
    const { management, root } = gate;
    const { id } = await ask();
    await approve({ id });
    const revision = await gate.revision();
    expect((await approve({ id })).status).to.equal('approved');
    expect((await approve({ id, role: 'editor' })).status).to.equal('approved');
    expect(await gate.revision()).to.equal(revision);
    for (const other of [{ role: 'full' }, { path: '/elsewhere/**' }, { note: 'for the exam' }])
      expect(await codeOf(approve({ id, ...other }))).to.equal('REQUEST_DECIDED');
    const told = await approve({ id, note: 'for the exam' }).catch((error: AppError) => error.detail);
    expect(told).to.match(/^it is approved: `role:editor` until \S+, decided by `gate:root` at \S+$/);
    expect(await codeOf(declineAccess(management, root, { id }))).to.equal('REQUEST_DECIDED');
    const other = await ask({ path: '/b' });
    await declineAccess(management, root, { id: other.id, note: 'no' });
    expect((await declineAccess(management, root, { id: other.id })).result.note).to.equal('no');
    expect(await codeOf(declineAccess(management, root, { id: other.id, note: 'not yet' }))).to.equal(
      'REQUEST_DECIDED',
    );
    expect(await codeOf(approve({ id: other.id }))).to.equal('REQUEST_DECIDED');
    expect(await codeOf(approve({ id: 99 }))).to.equal('REQUEST_UNKNOWN');
  });

  it('are never answered by whoever asked, nor withdrawn by others', async () => {
    const { management } = gate;
    const bob = await deputy('bob', 'role:editor');
    const own = await ask({ act: 'execute', res: 'kernels' }, 'mine', 'bob');
    expect(await codeOf(approve({ id: own.id }, bob))).to.equal('REQUEST_OWN');
    expect(await codeOf(declineAccess(management, bob, { id: own.id }))).to.equal('REQUEST_OWN');
    const { id } = await ask();
    expect(await codeOf(withdrawRequest(management, bob, id))).to.equal('REQUEST_UNKNOWN');
    expect((await approve({ id }, bob)).decidedBy).to.equal('bob');
  });

  it('give nothing that the administrator does not hold', async () => {
    const carl = await deputy('carl', 'role:viewer');
    const { id } = await ask();
    expect(await codeOf(approve({ id }, carl))).to.equal('BEYOND_OWN_RIGHTS');
    expect(may('write', '/pub/a.ipynb')).to.equal(false);
    expect(await gate.management.store.read.accessRequests.find(id)).to.include({ status: 'open' });
    expect((await declineAccess(gate.management, carl, { id })).result.status).to.equal('declined');
  });

  it('give what was asked for and no more when its name is a pattern', async () => {
    const { id } = await ask({ path: '/*' });
    expect(await codeOf(approve({ id }))).to.equal('INPUT_INVALID');
    const other = await ask({ path: '/{user}/a.ipynb' });
    expect(await codeOf(approve({ id: other.id }))).to.equal('INPUT_INVALID');
    await approve({ id, path: '/pub/**' });
    expect([may('write', '/pub/a.ipynb'), may('write', '/other.ipynb')]).to.deep.equal([true, false]);
  });

  it('give nothing to whoever made and took the role of a request beforehand', async () => {
    const { management, root } = gate;
    const { id } = await ask();
    const before = { name: `role:request-${id}` };
    expect(await codeOf(addRole(management, root, before))).to.equal('NAME_INVALID');
    expect(await codeOf(putRole(management, root, before))).to.equal('NAME_INVALID');
    expect(await codeOf(addRole(management, root, { name: 'invite-1' }))).to.equal('NAME_INVALID');
    // One that an earlier version let somebody make.
    await management.store.transaction((tx) =>
      tx.roles.upsert({ ...before, description: '', preset: null, createdAt: 0 }),
    );
    expect(await codeOf(approve({ id }))).to.equal('NAME_TAKEN');
    expect(await management.store.read.accessRequests.find(id)).to.include({ status: 'open' });
  });

  it('expire when nobody answers for a week, and can then be asked again', async () => {
    const { id, ...rest } = await ask();
    gate.clock.tick(7 * DAY);
    expect(accessRequestView({ id, ...rest }, gate.clock.now()).status).to.equal('expired');
    const listed = (status: 'open' | 'expired') =>
      listAccessRequests(gate.management, { status }, { limit: 5 }).then(({ items }) =>
        items.map((row) => row.id),
      );
    expect([await listed('open'), await listed('expired')]).to.deep.equal([[], [id]]);
    expect(await codeOf(approve({ id }))).to.equal('REQUEST_DECIDED');
    const again = await ask();
    expect(again.id).not.to.equal(id);
    expect([await listed('open'), await listed('expired')]).to.deep.equal([[again.id], [id]]);
  });

  it('that no role would answer need one to be named', async () => {
    const deny = { sub: 'ada', res: 'contents', act: 'write', path: '/pub/**', eft: 'deny' };
    await addRule(gate.management, gate.root, deny);
    const { id, role } = await ask();
    expect(role).to.equal('');
    expect(await codeOf(approve({ id }))).to.equal('INPUT_INVALID');
    expect(await codeOf(approve({ id, role: 'nobody' }))).to.equal('ROLE_UNKNOWN');
    expect(await codeOf(approve({ id, expiresAt: gate.clock.now() }))).to.equal('INPUT_INVALID');
    expect(await gate.management.store.read.accessRequests.find(id)).to.include({ status: 'open' });
  });
});

function withoutId({ id: _id, ...request }: AccessRequestRecord): Omit<AccessRequestRecord, 'id'> {
  return request;
}

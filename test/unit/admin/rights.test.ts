import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { grantRole } from '../../../src/manage/grants/grant-role.ts';
import { addRule } from '../../../src/manage/rules/add-rule.ts';
import { openAdminListener } from '../../support/admin-client.ts';
import type { AdminListener } from '../../support/admin-client.ts';

describe('rights in the admin API', () => {
  let api: AdminListener;
  let tokenId: string;
  beforeEach(async () => {
    api = await openAdminListener();
  });
  afterEach(async () => {
    await api.close();
  });

  it('is decided by the same enforcer, row by row', async () => {
    const token = await api.deputy('bob', ['gate:users']);
    expect((await api.send('GET', '/users', { token })).status).to.equal(200);
    for (const path of [
      '/grants',
      '/rules',
      '/model',
      '/audit',
      '/decisions',
      '/presets',
      '/roles',
      '/users/bob/tokens',
      '/users/bob/roles',
    ]) {
      const reply = await api.send('GET', path, { token });
      expect([reply.status, reply.json.code], path).to.deep.equal([403, 'DENIED_BY_POLICY']);
    }
    expect((await api.send('GET', '/openapi.json', { token })).status).to.equal(200);
  });

  it('is lost with the role, on the next request', async () => {
    const token = await api.deputy('bob', ['gate:users']);
    await api.send('DELETE', '/users/bob/roles/of-bob');
    expect((await api.send('GET', '/users', { token })).json.code).to.equal('DENIED_BY_POLICY');
  });

  for (const [how, end] of [
    ['a disabled person', () => api.send('PATCH', '/users/bob', { body: { active: false } })],
    ['a revoked token', () => api.send('DELETE', `/users/bob/tokens/${tokenId}`)],
  ] as const) {
    it(`is lost by ${how} while the body of a request is still on its way`, async () => {
      const token = await api.deputy('bob', ['gate:users']);
      tokenId = (await api.send('GET', '/users/bob/tokens')).json.items[0].id;
      const sent = request({
        port: api.port,
        method: 'POST',
        path: '/api/v1/users',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/json',
          expect: '100-continue',
        },
      });
      const answered = once(sent, 'response') as Promise<[IncomingMessage]>;
      sent.flushHeaders();
      await once(sent, 'continue');
      sent.write('{"name":');
      // Whoever asks now was let in before the body began: the listener takes requests one after the other.
      await api.send('GET', '/users', { token });
      await end();
      sent.end('"mallory"}');
      const [response] = await answered;
      response.resume();
      expect(response.statusCode).to.equal(401);
      expect((await api.send('GET', '/users/mallory')).status).to.equal(404);
    });
  }

  for (const [how, path, refusal] of [
    ['a right taken away', '/users/bob/roles/of-bob', [403, 'DENIED_BY_POLICY']],
    ['a token revoked', '', [401, 'TOKEN_INVALID']],
    ['an account removed', '/users/bob', [401, 'TOKEN_INVALID']],
  ] as const) {
    it(`is lost by ${how} while a write waits for the one before it`, async () => {
      const token = await api.deputy('bob', ['gate:users']);
      const [{ id }] = (await api.send('GET', '/users/bob/tokens')).json.items;
      const release = await holdWriters();
      const taking = api.send('DELETE', path === '' ? `/users/bob/tokens/${id}` : path);
      await api.send('GET', '/users', { token });
      const writing = api.send('POST', '/users', { token, body: { name: 'mallory' } });
      const linking = api.send('POST', '/users/bob/links', { token });
      await api.send('GET', '/users', { token });
      release();
      expect((await taking).status).to.equal(204);
      const [wrote, linked] = [await writing, await linking];
      expect([wrote.status, wrote.json.code]).to.deep.equal(refusal);
      expect([linked.status, linked.json.code]).to.deep.equal(refusal);
      expect((await api.send('GET', '/users/mallory')).status).to.equal(404);
    });
  }

  /** Holds the queue of writes until the returned function is called. */
  const holdWriters = async (): Promise<() => void> => {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await new Promise<void>((started) => {
      void api.gate.management.store.transaction(async () => {
        started();
        await released;
      });
    });
    return release;
  };

  it('is not given by `*`, which never reaches the gate itself', async () => {
    await api.send('POST', '/users', { body: { name: 'bob' } });
    await api.send('PUT', '/users/bob/roles/full');
    const { json } = await api.send('POST', '/users/bob/tokens', { body: { audience: 'admin' } });
    expect((await api.send('GET', '/users', { token: json.token })).json.code).to.equal('DENIED_BY_POLICY');
  });

  it('is narrowed by the roles of a token', async () => {
    const { json } = await api.send('POST', '/users/admin/tokens', {
      body: { audience: 'admin', roles: ['full'] },
    });
    expect((await api.send('GET', '/users', { token: json.token })).json.code).to.equal('DENIED_BY_POLICY');
  });

  it('is refused while the policy cannot be confirmed, but for the holder of the admin token', async () => {
    const token = await api.deputy('bob', ['gate:users']);
    api.stale = true;
    expect((await api.send('GET', '/users', { token })).json.code).to.equal('POLICY_STALE');
    expect((await api.send('GET', '/users')).status).to.equal(200);
  });

  describe('nobody gives more than they hold', () => {
    const everything = [
      'gate:users',
      'gate:grants',
      'gate:rules',
      'gate:tokens',
      'gate:roles',
      'gate:presets',
    ] as const;
    let token: string;
    beforeEach(async () => {
      token = await api.deputy('bob', everything);
      await grantRole(api.gate.management, api.gate.root, { subject: 'bob', role: 'viewer' });
      await api.send('POST', '/users', { body: { name: 'zoe' } });
    });

    const refused = async (method: string, path: string, body?: unknown): Promise<void> => {
      const before = await api.gate.revision();
      const reply = await api.send(method, path, { token, ...(body === undefined ? {} : { body }) });
      expect([reply.status, reply.json?.code], `${method} ${path}`).to.deep.equal([403, 'BEYOND_OWN_RIGHTS']);
      expect(await api.gate.revision()).to.equal(before);
    };

    it('gives what it holds', async () => {
      expect((await api.send('PUT', '/users/zoe/roles/viewer', { token })).status).to.equal(201);
      const fields = { sub: 'role:editor', res: 'contents', act: 'read', path: '/pub/**' };
      expect((await api.send('POST', '/rules', { token, body: { fields } })).status).to.equal(201);
    });

    it('gives no role, rule or circle round it that it does not hold', async () => {
      await refused('PUT', '/users/zoe/roles/editor');
      await refused('PUT', '/users/bob/roles/admin');
      await refused('PUT', '/users/bob/roles', { roles: ['viewer', 'of-bob', 'full'] });
      await refused('POST', '/grants', { subject: 'role:viewer', role: 'editor' });
      await refused('POST', '/grants', { subject: 'anonymous', role: 'temporary' });
      await refused('POST', '/rules', { fields: { sub: 'bob', res: 'contents', act: 'write' } });
      await refused('POST', '/rules', { fields: { sub: 'role:of-bob', res: 'gate:model', act: 'write' } });
    });

    it('does not lift a refusal it could not lift otherwise', async () => {
      const { management, root } = api.gate;
      const deny = { sub: 'role:editor', res: 'terminals', act: '*', eft: 'deny' };
      const { result } = await addRule(management, root, deny);
      await refused('DELETE', `/rules/${result.id}`);
      await refused('DELETE', '/roles/editor');
    });

    it('gets at nobody who may more, by token, password or link', async () => {
      await refused('POST', '/users/admin/tokens', {});
      await refused('POST', '/users/admin/tokens', { audience: 'admin', roles: ['admin'] });
      await refused('PATCH', '/users/admin', { password: 'correct horse' });
      await refused('POST', '/users/admin/links', {});
      expect((await api.send('POST', '/users/zoe/tokens', { token, body: {} })).status).to.equal(201);
      expect((await api.send('POST', '/users/zoe/links', { token })).status).to.equal(201);
      expect(
        (await api.send('POST', '/users/bob/tokens', { token, body: { roles: ['viewer'] } })).status,
      ).to.equal(201);
    });

    it('gives nothing for longer than it holds it', async () => {
      const noon = '2026-11-22T12:00:00Z';
      const earlier = '2026-11-22T11:00:00Z';
      await api.send('PUT', '/users/bob/roles/viewer', { body: { expires_at: noon } });
      await refused('PUT', '/users/bob/roles/viewer', { expires_at: null });
      await refused('PUT', '/users/zoe/roles/viewer');
      await refused('POST', '/grants', { subject: 'role:of-bob', role: 'viewer' });
      await refused('POST', '/rules', { fields: { sub: 'bob', res: 'contents', act: 'read' } });
      await refused('POST', '/rules', { fields: { sub: 'role:of-bob', res: 'contents', act: 'read' } });
      await api.send('PUT', '/users/zoe/roles/viewer');
      await refused('POST', '/users/zoe/tokens', {});
      await refused('POST', '/users/zoe/links', {});
      await api.send('DELETE', '/users/zoe/roles/viewer');
      const sent = { token, body: { expires_at: earlier } };
      expect((await api.send('PUT', '/users/zoe/roles/viewer', sent)).status).to.equal(201);
      expect((await api.send('POST', '/users/zoe/tokens', { token, body: {} })).status).to.equal(201);
      const rule = { fields: { sub: 'role:editor', res: 'files', act: 'read', path: '/new/**' } };
      expect((await api.send('POST', '/rules', { token, body: rule })).status).to.equal(201);
      expect((await api.send('POST', '/users/bob/tokens', { token, body: {} })).status).to.equal(201);
    });

    it('sets no password for somebody new when everybody signed in may more', async () => {
      const { management, root } = api.gate;
      const body = { name: 'eve', password: 'correct horse' };
      expect((await api.send('POST', '/users', { token, body })).status).to.equal(201);
      await addRule(management, root, { sub: 'role:everyone', res: 'contents', act: 'read' });
      const narrowed = await api.send('POST', '/users/bob/tokens', {
        body: { audience: 'admin', roles: ['of-bob'] },
      });
      const sent = { token: narrowed.json.token };
      const refusal = await api.send('POST', '/users', { ...sent, body: { ...body, name: 'mallory' } });
      expect([refusal.status, refusal.json.code]).to.deep.equal([403, 'BEYOND_OWN_RIGHTS']);
      expect((await api.send('POST', '/users', { ...sent, body: { name: 'mallory' } })).status).to.equal(201);
    });

    it('issues no token that outlives the one it asks with', async () => {
      const noon = '2026-11-22T12:00:00.000Z';
      const ending = await api.send('POST', '/users/bob/tokens', {
        body: { audience: 'admin', expires_at: noon },
      });
      const issue = (expires_at?: string | null) =>
        api.send('POST', '/users/bob/tokens', {
          token: ending.json.token,
          body: expires_at === undefined ? {} : { expires_at },
        });
      expect((await issue()).json.expires_at).to.equal(noon);
      const earlier = '2026-11-22T11:00:00.000Z';
      expect((await issue(earlier)).json.expires_at).to.equal(earlier);
      for (const beyond of [null, '2026-11-22T12:00:00.001Z']) {
        const { json } = await issue(beyond);
        expect(json.code).to.equal('BEYOND_OWN_RIGHTS');
        expect(json.detail).to.contain(`the token you ask with ends at ${noon}`);
      }
      expect((await api.send('POST', '/users/bob/tokens', { token, body: {} })).json.expires_at).to.equal(
        null,
      );
    });

    it('gets at nobody whose own place it may not enter', async () => {
      const { management, root } = api.gate;
      const fields = { sub: 'role:viewer', res: 'contents', act: 'write', path: '/home/{user}/**' };
      await addRule(management, root, fields);
      await api.send('PUT', '/users/zoe/roles/viewer', { token });
      await refused('POST', '/users/zoe/tokens', {});
      await refused('POST', '/users/zoe/links', {});
      await refused('PATCH', '/users/zoe', { password: 'correct horse' });
      expect((await api.send('POST', '/users/bob/tokens', { token, body: {} })).status).to.equal(201);
      await addRule(management, root, { ...fields, sub: 'bob', path: '/home/**' });
      expect((await api.send('POST', '/users/zoe/tokens', { token, body: {} })).status).to.equal(201);
    });

    it('does not widen itself with a token that was narrowed', async () => {
      const narrowed = await api.send('POST', '/users/bob/tokens', {
        body: { audience: 'admin', roles: ['of-bob'] },
      });
      const reply = await api.send('POST', '/users/bob/tokens', { token: narrowed.json.token, body: {} });
      expect(reply.json.code).to.equal('BEYOND_OWN_RIGHTS');
    });
  });

  describe('somebody who may change the model is always left', () => {
    const lockout = async (method: string, path: string, body?: unknown): Promise<void> => {
      const before = await api.gate.revision();
      const reply = await api.send(method, path, body === undefined ? {} : { body });
      expect([reply.status, reply.json?.code], `${method} ${path}`).to.deep.equal([409, 'LAST_ADMIN']);
      expect(await api.gate.revision()).to.equal(before);
      expect(api.gate.decide('admin', 'write', 'gate:model').allowed).to.equal(true);
    };

    it('refuses every way to lock everybody out', async () => {
      const [rule] = (await api.send('GET', '/rules?sub=role:admin')).json.items;
      const [grant] = (await api.send('GET', '/grants?subject=admin&role=admin')).json.items;
      await lockout('DELETE', '/users/admin');
      await lockout('PATCH', '/users/admin', { active: false });
      await lockout('DELETE', '/users/admin/roles/admin');
      await lockout('PUT', '/users/admin/roles', { roles: ['viewer'] });
      await lockout('PUT', '/users/admin/roles/admin', { expires_at: '2026-11-22T12:00:00Z' });
      await lockout('DELETE', `/grants/${grant.id}`);
      await lockout('DELETE', `/rules/${rule.id}`);
      await lockout('DELETE', '/roles/admin');
      await lockout('POST', '/rules', {
        fields: { sub: 'admin', res: 'gate:model', act: 'write', eft: 'deny' },
      });
      const { text } = (await api.send('GET', '/model')).json;
      await lockout('PUT', '/model', { text, rules: [{ sub: 'role:viewer', res: 'contents', act: 'read' }] });
    });

    it('does not count an administrator whose role ends, but one beside it', async () => {
      await api.send('POST', '/users', { body: { name: 'bob' } });
      await api.send('PUT', '/users/bob/roles/admin', { body: { expires_at: '2026-11-22T12:00:00Z' } });
      await lockout('DELETE', '/users/admin/roles/admin');
      await api.send('PUT', '/users/bob/roles/admin', { body: { expires_at: null } });
      await api.send('PUT', '/users/bob/roles/viewer', { body: { expires_at: '2026-11-22T12:00:00Z' } });
      expect((await api.send('DELETE', '/users/admin')).status).to.equal(204);
    });
  });

  describe('many at once', () => {
    it('has every acknowledged grant in force and in the database', async () => {
      const names = Array.from({ length: 20 }, (_, index) => `user${index}`);
      for (const name of names) await api.send('POST', '/users', { body: { name } });
      for (const name of names.slice(10)) await api.send('PUT', `/users/${name}/roles/viewer`);
      const before = await api.gate.revision();
      const replies = await Promise.all(
        names.map((name, index) => api.send(index < 10 ? 'PUT' : 'DELETE', `/users/${name}/roles/viewer`)),
      );
      expect(replies.map((reply) => reply.status)).to.deep.equal([
        ...Array(10).fill(201),
        ...Array(10).fill(204),
      ]);
      const revisions = replies.map((reply) => Number(reply.headers['gate-revision'])).sort((a, b) => a - b);
      expect(revisions).to.deep.equal(Array.from({ length: 20 }, (_, index) => before + 1 + index));
      const held = (await api.send('GET', '/grants?role=viewer&limit=500')).json.items.map(
        (grant: { subject: string }) => grant.subject,
      );
      expect(held).to.have.members(names.slice(0, 10));
      expect(names.filter((name) => api.gate.decide(name, 'read', 'contents', '/a').allowed)).to.deep.equal(
        names.slice(0, 10),
      );
      expect(api.gate.management.decider.current.revision).to.equal(before + 20);
    });

    it('gives one role once when twenty ask for it', async () => {
      await api.send('POST', '/users', { body: { name: 'bob' } });
      const before = await api.gate.revision();
      const replies = await Promise.all(
        Array.from({ length: 20 }, () => api.send('PUT', '/users/bob/roles/viewer')),
      );
      expect(replies.filter((reply) => reply.status === 201)).to.have.lengthOf(1);
      expect(await api.gate.revision()).to.equal(before + 1);
    });
  });
});

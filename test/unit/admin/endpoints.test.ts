import { expect } from 'chai';
import { aDecision } from '../../support/store/samples.ts';
import { openAdminListener } from '../../support/admin-client.ts';
import type { AdminListener } from '../../support/admin-client.ts';

describe('the admin API', () => {
  let api: AdminListener;
  beforeEach(async () => {
    api = await openAdminListener();
  });
  afterEach(async () => {
    await api.close();
  });

  describe('lockouts', () => {
    it('lists who guessed too often, without what is no name of an account, and lifts one', async () => {
      const { byName, byAddress } = api.attempts;
      await api.send('POST', '/users', { body: { name: 'bob' } });
      for (const key of ['bob 192.0.2.7', 'my-secret 192.0.2.7'])
        for (let count = 0; count < 3; count += 1) byName.begin(key);
      api.gate.clock.tick(1000);
      for (let count = 0; count < 100; count += 1) byAddress.begin('192.0.2.8');
      const { json, text } = await api.send('GET', '/lockouts');
      const shown = ({ user, address, since, until }: Record<string, string>) => [
        user,
        address,
        since,
        until,
      ];
      expect(json.items.map(shown)).to.deep.equal([
        ['bob', '192.0.2.7', '2026-11-22T10:00:00.000Z', '2026-11-22T10:05:00.000Z'],
        ['', '192.0.2.7', '2026-11-22T10:00:00.000Z', '2026-11-22T10:05:00.000Z'],
        ['', '192.0.2.8', '2026-11-22T10:00:01.000Z', '2026-11-22T10:02:01.000Z'],
      ]);
      expect(text).not.to.contain('my-secret');
      const [{ id }] = json.items;
      const lifted = await api.send('DELETE', `/lockouts/${id}`);
      expect([lifted.status, lifted.headers['gate-revision']]).to.deep.equal([
        204,
        String(await api.gate.revision()),
      ]);
      expect((await api.send('DELETE', `/lockouts/${id}`)).json.code).to.equal('LOCKOUT_UNKNOWN');
      expect((await api.send('GET', '/lockouts')).json.items).to.have.length(2);
      byName.begin('bob 192.0.2.7');
      const [entry] = (await api.send('GET', '/audit?what=lockout.lift')).json.items;
      expect(entry).to.deep.include({ target: 'bob', actor: 'gate:root' });
      expect(entry.before).to.deep.equal({ address: '192.0.2.7', until: '2026-11-22T10:05:00.000Z' });
    });
  });

  describe('invitations', () => {
    it('shows one without its link, under a tag that goes with it', async () => {
      const body = { role: 'viewer', expires_at: '2026-11-22T12:00:00Z' };
      const made = await api.send('POST', '/invitations', { body });
      const { id, url, ...same } = made.json;
      expect(made.headers.location).to.equal(`/api/v1/invitations/${id}`);
      const shown = await api.send('GET', `/invitations/${id}`);
      expect(shown.json).to.deep.equal({ id, ...same });
      expect(shown.text).not.to.contain(url);
      const stale = { headers: { 'if-match': '"another"' } };
      expect((await api.send('DELETE', `/invitations/${id}`, stale)).status).to.equal(412);
      const tag = { headers: { 'if-match': shown.headers.etag ?? '' } };
      expect((await api.send('DELETE', `/invitations/${id}`, tag)).status).to.equal(204);
      expect((await api.send('GET', '/invitations/none')).json.code).to.equal('INVITATION_UNKNOWN');
    });
  });

  describe('connections', () => {
    it('shows one under a tag, closes it, and says in which revision', async () => {
      api.open.push({
        id: 'c1',
        kind: 'socket',
        since: 0,
        route: 'kernels.channels',
        address: '192.0.2.7',
        subject: 'bob',
        displayName: 'Bob',
        credential: 'session',
        credentialId: 's1',
        res: ['channels'],
        act: 'execute',
        path: '/a.ipynb',
        own: 'bob',
        rules: [1],
        revision: 1,
        validUntil: null,
      });
      const shown = await api.send('GET', '/connections/c1');
      expect([shown.status, shown.json.subject]).to.deep.equal([200, 'bob']);
      expect(shown.headers.etag).to.match(/^"/);
      expect((await api.send('GET', '/connections/c2')).json.code).to.equal('CONNECTION_UNKNOWN');
      const revision = String(await api.gate.revision());
      const closed = await api.send('DELETE', '/connections/c1');
      expect([closed.status, closed.headers['gate-revision']]).to.deep.equal([204, revision]);
      const none = await api.send('POST', '/connections/close', { body: { subject: 'bob' } });
      expect([none.json.closed, none.headers['gate-revision']]).to.deep.equal([0, revision]);
    });
  });

  describe('users', () => {
    it('adds a person and says where', async () => {
      const reply = await api.send('POST', '/users', {
        body: { name: 'Student1', display_name: 'Student One', password: 'correct horse' },
      });
      expect(reply.status).to.equal(201);
      expect(reply.headers.location).to.equal('/api/v1/users/student1');
      expect(reply.headers['gate-revision']).to.equal('2');
      expect(reply.json).to.deep.equal({
        name: 'student1',
        display_name: 'Student One',
        active: true,
        has_password: true,
        created_at: '2026-11-22T10:00:00.000Z',
        roles: [],
      });
      expect(reply.text).not.to.match(/hash|correct/);
    });

    it('lists people in pages', async () => {
      for (const name of ['zoe', 'bob']) await api.send('POST', '/users', { body: { name } });
      const first = await api.send('GET', '/users?limit=2');
      expect(first.json.items.map((user: { name: string }) => user.name)).to.deep.equal(['admin', 'bob']);
      expect(first.json.next).to.equal('bob');
      const second = await api.send('GET', '/users?limit=2&after=bob');
      expect(second.json.items.map((user: { name: string }) => user.name)).to.deep.equal(['zoe']);
      expect(second.json.next).to.equal(null);
    });

    it('changes and disables a person and ends their tokens at once', async () => {
      const token = await api.deputy('bob', ['gate:users']);
      expect((await api.send('GET', '/users', { token })).status).to.equal(200);
      const reply = await api.send('PATCH', '/users/bob', { body: { active: false, display_name: 'Bob' } });
      expect(reply.status).to.equal(200);
      expect(reply.json).to.include({ active: false, display_name: 'Bob' });
      expect((await api.send('GET', '/users', { token })).json.code).to.equal('TOKEN_INVALID');
    });

    it('removes a person, keeps the name and never gives it again', async () => {
      const token = await api.deputy('bob', ['gate:users']);
      expect((await api.send('DELETE', '/users/bob')).status).to.equal(204);
      expect((await api.send('GET', '/users', { token })).json.code).to.equal('TOKEN_INVALID');
      expect((await api.send('GET', '/users/bob')).json.code).to.equal('USER_UNKNOWN');
      const again = await api.send('POST', '/users', { body: { name: 'bob' } });
      expect([again.status, again.json.code]).to.deep.equal([409, 'NAME_RETIRED']);
    });

    it('refuses a name that is taken, whatever its case', async () => {
      const reply = await api.send('POST', '/users', { body: { name: 'ADMIN' } });
      expect([reply.status, reply.json.code]).to.deep.equal([409, 'NAME_TAKEN']);
    });

    for (const name of [
      'role:admin',
      'gate:root',
      'guest:1',
      'anonymous',
      '../etc',
      'a b',
      'a\u0000b',
      '',
      'ａdmin<script>',
      '-x',
      'x'.repeat(65),
    ]) {
      it(`refuses the name ${JSON.stringify(name.slice(0, 20))}`, async () => {
        const reply = await api.send('POST', '/users', { body: { name } });
        expect(reply.status).to.equal(422);
        expect(reply.json.code).to.be.oneOf(['NAME_INVALID', 'INPUT_INVALID']);
      });
    }

    it('makes a one-time sign-in link', async () => {
      await api.send('POST', '/users', { body: { name: 'bob' } });
      const reply = await api.send('POST', '/users/bob/links', { body: { lifetime: 60 } });
      expect(reply.status).to.equal(201);
      expect(reply.json.url).to.match(/^http:\/\/gate\.test\/gate\/login\?link=.{40,}/);
      expect(reply.json.expires_at).to.equal('2026-11-22T10:01:00.000Z');
      expect(reply.headers['gate-revision']).to.equal(String(await api.gate.revision()));
      expect((await api.send('POST', '/users/nobody/links')).json.code).to.equal('USER_UNKNOWN');
    });
  });

  describe('tokens', () => {
    it('issues a token, shows it once and revokes it at once', async () => {
      const issued = await api.send('POST', '/users/admin/tokens', {
        body: { note: 'cli', audience: 'admin', roles: ['admin'] },
      });
      expect(issued.status).to.equal(201);
      const { id, token } = issued.json;
      expect(issued.json).to.include({ note: 'cli', audience: 'admin', expires_at: null });
      expect(issued.json.roles).to.deep.equal(['role:admin']);
      expect((await api.send('GET', '/users', { token })).status).to.equal(200);
      const shown = await api.send('GET', `/users/admin/tokens/${id}`);
      expect(shown.json).not.to.have.any.keys('token', 'hash');
      expect((await api.send('GET', '/users/admin/tokens')).json.items).to.have.lengthOf(1);
      expect((await api.send('DELETE', `/users/admin/tokens/${id}`)).status).to.equal(204);
      expect((await api.send('GET', '/users', { token })).status).to.equal(401);
      expect((await api.send('DELETE', `/users/admin/tokens/${id}`)).status).to.equal(204);
    });

    it('ends a token with the clock', async () => {
      const body = { audience: 'admin', expires_at: '2026-11-22T10:10:00Z' };
      const { json } = await api.send('POST', '/users/admin/tokens', { body });
      api.gate.clock.tick(11 * 60_000);
      expect((await api.send('GET', '/users', { token: json.token })).json.code).to.equal('TOKEN_INVALID');
    });

    it('refuses tokens of the other listener, ends in the past and roles that are not held', async () => {
      const proxy = await api.send('POST', '/users/admin/tokens', { body: {} });
      expect((await api.send('GET', '/users', { token: proxy.json.token })).json.code).to.equal(
        'TOKEN_AUDIENCE',
      );
      const past = await api.send('POST', '/users/admin/tokens', {
        body: { expires_at: '2020-01-01T00:00:00Z' },
      });
      expect(past.json.errors[0].at).to.equal('expires_at');
      const foreign = await api.send('POST', '/users/admin/tokens', { body: { roles: ['viewer'] } });
      expect(foreign.json.code).to.equal('BEYOND_OWN_RIGHTS');
      expect((await api.send('GET', '/users/admin/tokens/none')).json.code).to.equal('TOKEN_UNKNOWN');
    });
  });

  describe('roles of a user', () => {
    beforeEach(async () => {
      await api.send('POST', '/users', { body: { name: 'bob' } });
    });

    it('gives a role with one call, in force when it answers', async () => {
      expect(api.gate.decide('bob', 'read', 'contents', '/a').allowed).to.equal(false);
      const reply = await api.send('PUT', '/users/bob/roles/role:temporary');
      expect(reply.status).to.equal(201);
      const verdict = api.gate.decide('bob', 'read', 'contents', '/a');
      expect(verdict).to.include({ allowed: true, revision: Number(reply.headers['gate-revision']) });
    });

    it('takes it away with one call, in force when it answers, and again without harm', async () => {
      await api.send('PUT', '/users/bob/roles/viewer');
      const taken = await api.send('DELETE', '/users/bob/roles/viewer');
      expect(taken.status).to.equal(204);
      expect(api.gate.decide('bob', 'read', 'contents', '/a').allowed).to.equal(false);
      const again = await api.send('DELETE', '/users/bob/roles/viewer');
      expect([again.status, again.headers['gate-revision']]).to.deep.equal([
        204,
        taken.headers['gate-revision'],
      ]);
    });

    it('keeps the end that is there unless another is named', async () => {
      const expires = '2026-11-22T12:00:00.000Z';
      const first = await api.send('PUT', '/users/bob/roles/viewer', {
        body: { expires_at: '2026-11-22T13:00:00+01:00' },
      });
      expect(first.json.expires_at).to.equal(expires);
      const empty = await api.send('PUT', '/users/bob/roles/viewer');
      expect([empty.status, empty.json.expires_at]).to.deep.equal([200, expires]);
      expect(empty.headers['gate-revision']).to.equal(first.headers['gate-revision']);
      const ended = await api.send('PUT', '/users/bob/roles/viewer', { body: { expires_at: null } });
      expect(ended.json.expires_at).to.equal(null);
    });

    it('refuses a start that is not before the end', async () => {
      await api.send('POST', '/users', { body: { name: 'pat' } });
      const [early, late] = ['2026-11-22T12:00:00Z', '2026-11-22T13:00:00Z'];
      const put = (body: object) => api.send('PUT', '/users/pat/roles/viewer', { body });
      expect((await put({ starts_at: late, expires_at: early })).json.errors[0].at).to.equal('starts_at');
      expect((await put({ starts_at: early, expires_at: late })).status).to.equal(201);
      expect((await put({ starts_at: late })).json.errors[0].at).to.equal('starts_at');
    });

    it('gives a role again that had ended by the clock', async () => {
      await api.send('PUT', '/users/bob/roles/viewer', { body: { expires_at: '2026-11-22T11:00:00Z' } });
      api.gate.clock.tick(2 * 3_600_000);
      expect(api.gate.decide('bob', 'read', 'contents', '/a').allowed).to.equal(false);
      const reply = await api.send('PUT', '/users/bob/roles/viewer');
      expect(reply.json.expires_at).to.equal(null);
      expect(api.gate.decide('bob', 'read', 'contents', '/a').allowed).to.equal(true);
    });

    it('replaces all roles in one revision', async () => {
      await api.send('PUT', '/users/bob/roles/viewer');
      const before = await api.gate.revision();
      const roles = ['editor', { role: 'temporary', expires_at: '2026-11-22T12:00:00Z' }];
      const reply = await api.send('PUT', '/users/bob/roles', { body: { roles } });
      expect(reply.json.items.map((grant: { role: string }) => grant.role)).to.have.members([
        'role:editor',
        'role:temporary',
      ]);
      expect(await api.gate.revision()).to.equal(before + 1);
      const again = await api.send('PUT', '/users/bob/roles', { body: { roles } });
      expect(again.headers['gate-revision']).to.equal(String(before + 1));
    });

    it('says what is unknown', async () => {
      const role = await api.send('PUT', '/users/bob/roles/vewer');
      expect([role.status, role.json.code]).to.deep.equal([404, 'ROLE_UNKNOWN']);
      expect((await api.send('DELETE', '/users/bob/roles/vewer')).status).to.equal(404);
      const user = await api.send('PUT', '/users/nobody/roles/viewer');
      expect([user.status, user.json.code]).to.deep.equal([404, 'USER_UNKNOWN']);
      expect((await api.send('GET', '/users/bob/roles/viewer')).json.code).to.equal('GRANT_UNKNOWN');
      const past = await api.send('PUT', '/users/bob/roles/viewer', {
        body: { expires_at: '2026-11-22T09:00:00Z' },
      });
      expect([past.status, past.json.errors[0].at]).to.deep.equal([422, 'expires_at']);
      const vague = await api.send('PUT', '/users/bob/roles/viewer', { body: { expires_at: 'tomorrow' } });
      expect(vague.json.errors[0]).to.deep.equal({
        at: 'expires_at',
        message: 'expected an RFC 3339 time, e.g. `2027-01-31T12:00:00Z`',
      });
    });

    it('takes anonymous and roles in place of a user', async () => {
      expect((await api.send('PUT', '/users/anonymous/roles/viewer')).status).to.equal(201);
      expect(api.gate.decide('guest:1', 'read', 'contents', '/a').allowed).to.equal(true);
      expect((await api.send('PUT', '/users/role:editor/roles/viewer')).status).to.equal(201);
      const circle = await api.send('PUT', '/users/role:viewer/roles/editor');
      expect([circle.status, circle.json.code]).to.deep.equal([422, 'ROLE_CYCLE']);
    });
  });

  describe('roles and grants', () => {
    it('adds, describes, shows and removes a role with its rules and grants', async () => {
      expect((await api.send('POST', '/roles', { body: { name: 'helper' } })).headers.location).to.equal(
        '/api/v1/roles/role%3Ahelper',
      );
      expect((await api.send('POST', '/roles', { body: { name: 'helper' } })).json.code).to.equal(
        'NAME_TAKEN',
      );
      const described = await api.send('PUT', '/roles/helper', { body: { description: 'helps' } });
      expect([described.status, described.json.description]).to.deep.equal([200, 'helps']);
      await api.send('POST', '/rules', {
        body: { fields: { sub: 'role:helper', res: 'contents', act: 'read' } },
      });
      await api.send('POST', '/grants', { body: { subject: 'anonymous', role: 'helper' } });
      expect((await api.send('GET', '/roles/role:helper')).json.rules).to.have.lengthOf(1);
      expect(api.gate.decide('guest:1', 'read', 'contents', '/a').allowed).to.equal(true);
      expect((await api.send('DELETE', '/roles/helper')).status).to.equal(204);
      expect(api.gate.decide('guest:1', 'read', 'contents', '/a').allowed).to.equal(false);
      expect((await api.send('GET', '/rules?sub=role:helper')).json.items).to.deep.equal([]);
      expect((await api.send('GET', '/roles/helper')).json.code).to.equal('ROLE_UNKNOWN');
    });

    it('lists, shows and ends grants by id', async () => {
      const made = await api.send('POST', '/grants', { body: { subject: 'anonymous', role: 'viewer' } });
      expect(made.status).to.equal(201);
      expect(
        (await api.send('POST', '/grants', { body: { subject: 'anonymous', role: 'viewer' } })).status,
      ).to.equal(200);
      expect((await api.send('GET', '/grants?subject=anonymous')).json.items).to.deep.equal([made.json]);
      expect((await api.send('GET', `/grants/${made.json.id}`)).json).to.deep.equal(made.json);
      expect((await api.send('DELETE', `/grants/${made.json.id}`)).status).to.equal(204);
      for (const id of [made.json.id, 'x', '-1', '1e3', '99999999999999999999']) {
        expect((await api.send('GET', `/grants/${id}`)).json.code).to.equal('GRANT_UNKNOWN');
      }
    });
  });

  describe('rules', () => {
    const fields = { sub: 'role:viewer', res: 'git', act: 'read' };

    it('adds, lists and removes a rule, in force when it answers', async () => {
      await api.send('PUT', '/users/anonymous/roles/viewer');
      const made = await api.send('POST', '/rules', { body: { fields } });
      expect(made.status).to.equal(201);
      expect(made.json.fields).to.include({ ...fields, srv: '*', path: '**', eft: 'allow' });
      expect(api.gate.decide('guest:1', 'read', 'git').allowed).to.equal(true);
      const same = await api.send('POST', '/rules', { body: { fields: { ...fields, eft: 'allow' } } });
      expect([same.status, same.json.code]).to.deep.equal([409, 'RULE_EXISTS']);
      expect((await api.send('GET', '/rules?res=git')).json.items).to.deep.include(made.json);
      expect((await api.send('DELETE', `/rules/${made.json.id}`)).status).to.equal(204);
      expect(api.gate.decide('guest:1', 'read', 'git').allowed).to.equal(false);
      expect((await api.send('DELETE', `/rules/${made.json.id}`)).json.code).to.equal('RULE_UNKNOWN');
    });

    it('refuses a condition that is not allowed and names the field', async () => {
      for (const cond of ['constructor.constructor("return 1")()', 'r.own ==', 'unknown(r.sub)', 'this']) {
        const reply = await api.send('POST', '/rules', { body: { fields: { ...fields, cond } } });
        expect([reply.status, reply.json.code, reply.json.errors[0].at]).to.deep.equal([
          422,
          'CONDITION_INVALID',
          'cond',
        ]);
      }
    });

    it('refuses fields the model does not have, values it cannot have and subjects there are not', async () => {
      const column = await api.send('POST', '/rules', { body: { fields: { ...fields, colour: 'red' } } });
      expect([column.json.code, column.json.errors[0].at]).to.deep.equal(['INPUT_INVALID', 'colour']);
      const label = await api.send('POST', '/rules', { body: { fields: { ...fields, res: 'gitt' } } });
      expect([label.json.code, label.json.errors[0].at]).to.deep.equal(['INPUT_INVALID', 'res']);
      const role = await api.send('POST', '/rules', { body: { fields: { ...fields, sub: 'role:nobody' } } });
      expect(role.json.code).to.equal('ROLE_UNKNOWN');
      const number = await api.send('POST', '/rules', { body: { fields: { ...fields, act: 7 } } });
      expect([number.json.code, number.json.errors[0].at]).to.deep.equal(['INPUT_INVALID', 'fields.act']);
    });
  });

  describe('presets', () => {
    it('lists and shows them and applies one again without effect', async () => {
      const list = await api.send('GET', '/presets');
      expect(list.json.items.map((preset: { name: string }) => preset.name)).to.include.members([
        'viewer',
        'editor',
        'temporary',
        'full',
        'admin',
      ]);
      expect(list.json.items[0]).to.include({ name: 'admin', title: 'Administrator', applied: true });
      expect((await api.send('GET', '/presets/viewer')).json.roles[0].rules).not.to.deep.equal([]);
      const before = await api.gate.revision();
      const again = await api.send('POST', '/presets/viewer/apply');
      expect([again.status, again.headers['gate-revision']]).to.deep.equal([200, String(before)]);
      expect((await api.send('POST', '/presets/none/apply')).json.code).to.equal('PRESET_UNKNOWN');
    });

    it('brings back what was taken out of it', async () => {
      const [rule] = (await api.send('GET', '/rules?preset=viewer')).json.items;
      await api.send('DELETE', `/rules/${rule.id}`);
      const reply = await api.send('POST', '/presets/viewer/apply');
      expect(reply.json).to.include({ rules_added: 1, rules_removed: 0 });
    });
  });

  describe('decisions and audit', () => {
    it('explains a question with every rule considered', async () => {
      const reply = await api.send('POST', '/decisions', {
        body: { sub: 'admin', res: 'contents', act: 'write', path: '/a.ipynb' },
      });
      expect(reply.status).to.equal(200);
      expect(reply.json.verdict).to.include({
        allowed: true,
        code: 'ALLOWED',
        revision: 1,
        valid_until: null,
      });
      expect(reply.json.considered.find((rule: { matched: boolean }) => rule.matched).id).to.equal(
        reply.json.verdict.rules[0],
      );
      expect(reply.json.considered.find((rule: { matched: boolean }) => !rule.matched).why).not.to.equal('');
    });

    it('explains every question of a request', async () => {
      await api.send('POST', '/users', { body: { name: 'bob' } });
      await api.send('PUT', '/users/bob/roles/editor');
      const reply = await api.send('POST', '/decisions', {
        body: { sub: 'bob', method: 'PUT', url: '/a.ipynb', body: {} },
      });
      expect(reply.json.route).to.equal('contents.save');
      expect(reply.json.verdict).to.include({ allowed: false, code: 'DENIED_BY_POLICY' });
      expect(
        reply.json.questions.map((answer: { verdict: { allowed: boolean } }) => answer.verdict.allowed),
      ).to.deep.equal([true, false]);
      expect(reply.json.questions[1].question.own).to.equal('bob');
    });

    it('says that a disabled account may nothing and that an unknown one is unknown', async () => {
      await api.send('POST', '/users', { body: { name: 'bob' } });
      await api.send('PUT', '/users/bob/roles/viewer');
      await api.send('PATCH', '/users/bob', { body: { active: false } });
      const asked = { res: 'contents', act: 'read', path: '/a' };
      expect(
        (await api.send('POST', '/decisions', { body: { sub: 'bob', ...asked } })).json.verdict.code,
      ).to.equal('DENIED_DISABLED');
      expect(
        (await api.send('POST', '/decisions', { body: { sub: 'nobody', ...asked } })).json.code,
      ).to.equal('USER_UNKNOWN');
      const label = await api.send('POST', '/decisions', {
        body: { sub: 'bob', res: 'content', act: 'read' },
      });
      expect(label.json.errors[0].at).to.equal('res');
      const field = await api.send('POST', '/decisions', { body: { sub: 'bob', ...asked, colour: 'red' } });
      expect(field.json.errors).to.deep.equal([{ at: 'colour', message: 'unknown field' }]);
    });

    it('reads the decision log', async () => {
      const reply = await api.send('GET', '/decisions?subject=bob&limit=5');
      expect(reply.json).to.deep.equal({ items: [], next: null });
    });

    it('reads the decision log page by page, to its end', async () => {
      const { store } = api.gate.management;
      // Three of one moment, written behind a later one.
      const times = [7, 5, 5, 5, 2];
      const entries = times.map((at, index) => aDecision(`d${index}`, { at, subject: 'bob' }));
      await store.transaction((tx) => tx.decisions.append(entries), { relaxed: true });
      const seen: string[] = [];
      let next = '';
      do {
        const { json } = await api.send('GET', `/decisions?subject=bob&limit=2${next && `&after=${next}`}`);
        seen.push(...json.items.map(({ id }: { id: string }) => id));
        next = json.next;
      } while (next !== null);
      expect(seen).to.deep.equal(['d0', 'd3', 'd2', 'd1', 'd4']);
      const wrong = await api.send('GET', '/decisions?after=d1');
      expect([wrong.status, wrong.json.errors[0].at]).to.deep.equal([422, 'query.after']);
    });

    it('holds every write with actor, address, before and after', async () => {
      const token = await api.deputy('bob', ['gate:users', 'gate:audit']);
      await api.send('POST', '/users', { token, body: { name: 'zoe', password: 'correct horse' } });
      await api.send('PATCH', '/users/zoe', { token, body: { password: 'another horse' } });
      const { json, text } = await api.send('GET', '/audit?target=zoe', { token });
      expect(json.items.map((entry: { what: string }) => entry.what)).to.deep.equal([
        'user.change',
        'user.add',
      ]);
      expect(json.items[0]).to.include({ actor: 'bob', address: '127.0.0.1', target: 'zoe' });
      expect(json.items[0].after).to.include({ password: 'changed' });
      const withoutChain = text.replaceAll(/"(previous|hash)":"[0-9a-f]{64}"/g, '');
      expect(withoutChain).not.to.match(/horse|[0-9a-f]{64}/);
      const next = await api.send('GET', `/audit?target=zoe&after=${json.items[0].seq}`, { token });
      expect(next.json.items).to.have.lengthOf(1);
    });
  });
});

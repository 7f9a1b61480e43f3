import { expect } from 'chai';
import { openAdminListener } from '../../support/admin-client.ts';
import type { AdminListener } from '../../support/admin-client.ts';

describe('the admin listener', () => {
  let api: AdminListener;
  before(async () => {
    api = await openAdminListener();
  });
  after(async () => {
    await api.close();
  });

  describe('who may speak to it', () => {
    it('wants a bearer token and takes no cookie and no token in the address', async () => {
      const bare = await api.send('GET', '/users', { token: null });
      expect([bare.status, bare.json.code]).to.deep.equal([401, 'SIGN_IN_REQUIRED']);
      expect(bare.headers['www-authenticate']).to.match(/^Bearer/);
      const cookie = await api.send('GET', '/users', {
        token: null,
        headers: { cookie: 'gate-session-test=x; gate-test=y' },
      });
      expect(cookie.json.code).to.equal('SIGN_IN_REQUIRED');
      expect(cookie.headers['set-cookie']).to.equal(undefined);
      const query = await api.send('GET', '/users?token=jg_the-token-of-root-in-tests', { token: null });
      expect(query.json.code).to.equal('SIGN_IN_REQUIRED');
      expect((await api.send('GET', '/users', { token: 'jg_wrong' })).json.code).to.equal('TOKEN_INVALID');
    });

    for (const host of [
      'evil.example',
      'evil.example:PORT',
      '127.0.0.1',
      '127.0.0.1:1',
      'localhost:PORT.evil.example',
      '[::2]:PORT',
      'gate.internal',
      'sub.gate.internal:PORT',
      'gate.internal.evil.example:PORT',
      'gate-admin.lab.svc:PORT',
      'gate-admin.lab.svc:8080',
    ]) {
      it(`does not answer for the host ${host}`, async () => {
        const reply = await api.send('GET', '/users', {
          headers: { host: host.replace('PORT', String(api.port)) },
        });
        expect([reply.status, reply.json.code]).to.deep.equal([421, 'HOST_UNKNOWN']);
      });
    }

    for (const host of [
      'localhost:PORT',
      'LOCALHOST:PORT',
      '[::1]:PORT',
      'gate.internal:PORT',
      'gate-admin.lab.svc',
      'Gate-Admin.lab.svc:80',
    ]) {
      it(`answers for the host ${host}`, async () => {
        const reply = await api.send('GET', '/users', {
          headers: { host: host.replace('PORT', String(api.port)) },
        });
        expect(reply.status).to.equal(200);
      });
    }

    for (const origin of [
      'http://evil.example',
      'null',
      'http://127.0.0.1',
      'https://127.0.0.1:PORT',
      'http://localhost:PORT',
      '',
    ]) {
      it(`refuses the origin ${JSON.stringify(origin)}, even with a valid token`, async () => {
        const reply = await api.send('GET', '/users', {
          headers: { origin: origin.replace('PORT', String(api.port)) },
        });
        expect([reply.status, reply.json.code]).to.deep.equal([403, 'ORIGIN_MISMATCH']);
      });
    }

    it('takes its own origin and gives no other site leave to read', async () => {
      const reply = await api.send('GET', '/users', { headers: { origin: `http://127.0.0.1:${api.port}` } });
      expect(reply.status).to.equal(200);
      expect(reply.headers).not.to.have.property('access-control-allow-origin');
      const preflight = await api.send('OPTIONS', '/users', {
        headers: { 'access-control-request-method': 'POST' },
      });
      expect(preflight.status).to.equal(405);
    });
  });

  describe('what it takes', () => {
    const post = (raw: string | Buffer, headers: Record<string, string> = {}) =>
      api.send('POST', '/users', { raw, headers });

    it('says where malformed JSON breaks off', async () => {
      for (const raw of ['{"name":', 'name=bob', '{"name":"a"}{}', "{'name':'a'}"]) {
        const reply = await post(raw);
        expect([reply.status, reply.json.code]).to.deep.equal([400, 'BODY_INVALID']);
        expect(reply.json.detail).to.match(/expected JSON: /);
      }
      const bytes = await post(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]));
      expect(bytes.json.code).to.equal('BODY_INVALID');
      expect((await api.send('POST', '/users')).json.code).to.equal('BODY_INVALID');
      expect((await api.send('GET', '/users', { body: {} })).json.code).to.equal('BODY_INVALID');
    });

    it('names unknown fields, missing ones and wrong types', async () => {
      const unknown = await post('{"name":"bob","admin":true}');
      expect([unknown.status, unknown.json.code]).to.deep.equal([422, 'INPUT_INVALID']);
      expect(unknown.json.errors).to.deep.equal([{ at: 'admin', message: 'unknown field' }]);
      const typed = await post('{"name":7,"password":[]}');
      expect(typed.json.errors).to.deep.equal([
        { at: 'name', message: 'expected string, received number' },
        { at: 'password', message: 'expected string, received array' },
      ]);
      expect((await post('[]')).json.code).to.equal('INPUT_INVALID');
      expect((await post('null')).json.code).to.equal('INPUT_INVALID');
      expect((await post('{"name":"bob","__proto__":{"active":false}}')).json.errors[0].at).to.equal(
        '__proto__',
      );
      expect((await post('{"name":"bob","constructor":1}')).json.errors[0].at).to.equal('constructor');
    });

    it('takes nothing but plain JSON', async () => {
      const form = await post('name=bob', { 'content-type': 'application/x-www-form-urlencoded' });
      expect([form.status, form.json.code]).to.deep.equal([415, 'BODY_UNSUPPORTED']);
      expect((await post('{}', { 'content-type': 'text/plain' })).json.code).to.equal('BODY_UNSUPPORTED');
      expect((await post('{}', { 'content-encoding': 'gzip' })).json.code).to.equal('BODY_UNSUPPORTED');
    });

    it('refuses a body that is too large, announced or not', async () => {
      const large = JSON.stringify({ name: 'x'.repeat(150_000) });
      const announced = await post(large);
      expect([announced.status, announced.json.code]).to.deep.equal([413, 'BODY_TOO_LARGE']);
      const chunked = await post(large, { 'transfer-encoding': 'chunked' });
      expect(chunked.status).to.equal(413);
      expect((await api.send('GET', '/users')).status).to.equal(200);
    });

    it('refuses what PostgreSQL could neither store nor look for', async () => {
      const refused = async (method: string, path: string, at: string, body?: unknown): Promise<void> => {
        const { status, json } = await api.send(method, path, body === undefined ? {} : { body });
        expect([status, json.code, json.errors?.[0].at], path).to.deep.equal([422, 'INPUT_INVALID', at]);
      };
      await refused('POST', '/users', 'display_name', { name: 'zoe', display_name: 'a\0b' });
      await refused('PUT', '/roles/lab', 'description', { description: '\0' });
      await refused('GET', '/users?after=%00', 'query.after');
      await refused('GET', '/audit?subject=%00', 'query.subject');
      await refused('GET', '/users/admin/tokens/%00', 'path.id');
      await refused('GET', '/grants?after=9007199254740992', 'query.after');
      for (const path of [
        '/rules/9007199254740992',
        '/rules/99999999999999999999',
        '/grants/0x1',
        '/grants/%20',
        '/model/versions/1e1',
      ])
        expect((await api.send('GET', path)).status, path).to.equal(404);
      for (const path of ['/grants', '/rules', '/audit', '/model/versions', '/access-requests'])
        expect((await api.send('GET', `${path}?after=9007199254740991`)).status, path).to.equal(200);
    });

    it('says what a number or a word of a list was expected to be and was, and never a password', async () => {
      const message = async (method: string, path: string, body?: unknown): Promise<string> =>
        (await api.send(method, path, body === undefined ? {} : { body })).json.errors[0].message;
      expect(await message('GET', '/users?limit=1000')).to.equal(
        'too big: expected number to be <=500, received `1000`',
      );
      expect(await message('POST', '/users/admin/tokens', { audience: 'all' })).to.match(
        /expected one of "proxy"\|"admin", received `all`$/,
      );
      const secret = 'x'.repeat(3000);
      expect(await message('PATCH', '/users/admin', { password: secret })).not.to.contain('xx');
    });

    it('does not begin again where what a cursor named is gone', async () => {
      for (const path of [
        '/users/admin/tokens',
        '/users/admin/roles',
        '/lockouts',
        '/connections',
        '/presets',
      ]) {
        const { status, json } = await api.send('GET', `${path}?after=99`);
        expect([status, json.errors?.[0].at], path).to.deep.equal([422, 'query.after']);
      }
    });

    it('refuses queries it does not know', async () => {
      expect((await api.send('GET', '/users?colour=red')).json.errors[0]).to.deep.equal({
        at: 'query.colour',
        message: 'unknown field',
      });
      expect((await api.send('GET', '/users/admin?x=1')).json.errors[0].at).to.equal('query.x');
      for (const limit of ['0', '501', 'x', '1.5', '-1', '1&limit=2']) {
        expect((await api.send('GET', `/users?limit=${limit}`)).json.errors[0].at, limit).to.equal(
          'query.limit',
        );
      }
    });

    it('tells an unknown address from an unknown method', async () => {
      for (const path of [
        '/nothing',
        '/users/',
        '/Users',
        '/users/a/b/c',
        '/users//roles',
        '!/api/v2/users',
        '!/',
      ]) {
        const reply = await api.send('GET', path);
        expect([reply.status, reply.json.code], path).to.deep.equal([404, 'API_ROUTE_UNKNOWN']);
      }
      const method = await api.send('DELETE', '/users');
      expect([method.status, method.json.code]).to.deep.equal([405, 'API_METHOD_UNKNOWN']);
      expect(method.headers.allow).to.equal('HEAD, GET, POST');
      expect((await api.send('GET', '/nothing', { token: null })).json.code).to.equal('SIGN_IN_REQUIRED');
    });

    it('refuses a path that does not decode', async () => {
      const reply = await api.send('GET', '/users/%ff');
      expect(reply.status).to.be.oneOf([400, 404, 422]);
      expect(reply.headers['content-type']).to.match(/^application\/problem\+json/);
    });

    it('answers errors as problems with a code, a title and a hint', async () => {
      const reply = await api.send('GET', '/users/nobody');
      expect(reply.headers['content-type']).to.equal('application/problem+json');
      expect(reply.json).to.deep.equal({
        type: 'urn:jupyter-gate:error:USER_UNKNOWN',
        title: 'there is no such user',
        status: 404,
        code: 'USER_UNKNOWN',
        hint: '`jupyter-gate user list` shows who there is',
        detail: 'received `nobody`',
      });
    });
  });

  describe('conditions', () => {
    it('answers 304 to a reader who has it and 412 to a writer who has not', async () => {
      const made = await api.send('POST', '/users', { body: { name: 'tagged' } });
      expect(made.status).to.equal(201);
      const read = await api.send('GET', '/users/tagged');
      const etag = String(read.headers.etag);
      expect(etag).to.match(/^"[\w-]{27}"$/);
      expect(
        (await api.send('GET', '/users/tagged', { headers: { 'if-none-match': etag } })).status,
      ).to.equal(304);
      const first = await api.send('PATCH', '/users/tagged', {
        body: { display_name: 'A' },
        headers: { 'if-match': etag },
      });
      expect(first.status).to.equal(200);
      expect(first.headers.etag).not.to.equal(etag);
      const late = await api.send('PATCH', '/users/tagged', {
        body: { display_name: 'B' },
        headers: { 'if-match': etag },
      });
      expect([late.status, late.json.code]).to.deep.equal([412, 'PRECONDITION_FAILED']);
      expect((await api.send('GET', '/users/tagged')).json.display_name).to.equal('A');
      expect((await api.send('GET', '/users/tagged')).headers.etag).to.equal(first.headers.etag);
    });

    it('lets one of many writers with the same tag through', async () => {
      await api.send('POST', '/users', { body: { name: 'raced' } });
      const etag = String((await api.send('GET', '/users/raced')).headers.etag);
      const replies = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          api.send('PATCH', '/users/raced', {
            body: { display_name: `writer ${index}` },
            headers: { 'if-match': etag },
          }),
        ),
      );
      expect(replies.map((reply) => reply.status).sort((a, b) => a - b)).to.deep.equal([
        200,
        ...Array.from({ length: 7 }, () => 412),
      ]);
    });

    it('creates only what is not there with If-None-Match: *', async () => {
      const headers = { 'if-none-match': '*' };
      expect((await api.send('PUT', '/roles/fresh', { headers })).status).to.equal(201);
      expect((await api.send('PUT', '/roles/fresh', { headers })).status).to.equal(412);
      expect((await api.send('PUT', '/roles/absent', { headers: { 'if-match': '*' } })).status).to.equal(412);
    });
  });

  describe('health', () => {
    it('answers without a token, and tells which part is not ready', async () => {
      expect((await api.send('GET', '!/healthz', { token: null })).json).to.deep.equal({ status: 'ok' });
      expect((await api.send('GET', '!/readyz', { token: null })).status).to.equal(200);
      api.checks.push({ name: 'jupyter', run: () => Promise.reject(new Error('down')) });
      const reply = await api.send('GET', '!/readyz', { token: null });
      expect([reply.status, reply.json]).to.deep.equal([
        503,
        { status: 'not ready', checks: { jupyter: false } },
      ]);
      const metrics = await api.send('GET', '!/metrics', { token: null });
      expect(metrics.headers['content-type']).to.match(/^text\/plain/);
    });
  });
});

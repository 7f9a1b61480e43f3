import { expect } from 'chai';
import { request } from 'node:http';
import { createBrowser, codeOn } from '../../../support/sign-in/browser.ts';
import type { Browser } from '../../../support/sign-in/browser.ts';
import { PASSWORD, startSignInServer } from '../../../support/sign-in/sign-in-server.ts';
import type { SignInServer } from '../../../support/sign-in/sign-in-server.ts';

/** Status of a request with headers that fetch does not let us choose. */
function rawStatus(port: number, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: '127.0.0.1', path, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the sign-in pages under attack', () => {
  let server: SignInServer;
  let browser: Browser;

  before(async () => {
    server = await startSignInServer();
    await server.addUser('alice');
  });
  after(() => server.close());
  beforeEach(async () => {
    browser = createBrowser(server.origin);
    await browser.get('/gate/login');
  });
  const opened = async () =>
    (await server.store.read.audit.list({ what: 'session.open' }, { limit: 100 })).length;

  const credentials = { name: 'alice', password: PASSWORD };
  const attempts: readonly [string, Record<string, string>, Record<string, string | null>, number, string][] =
    [
      ['from another site', {}, { origin: 'https://evil.example' }, 403, 'ORIGIN_MISMATCH'],
      ['from another port of this host', {}, { origin: 'http://127.0.0.1:1' }, 403, 'ORIGIN_MISMATCH'],
      ['from a sandboxed frame', {}, { origin: 'null' }, 403, 'ORIGIN_MISMATCH'],
      ['without Origin', {}, { origin: null }, 403, 'ORIGIN_MISMATCH'],
      ['without cookies', {}, { cookie: '' }, 403, 'XSRF_MISMATCH'],
      ['with a made-up `_xsrf` pair', { _xsrf: 'x' }, { cookie: '_xsrf=x' }, 403, 'XSRF_MISMATCH'],
      ['as JSON', {}, { 'content-type': 'application/json' }, 415, 'BODY_UNSUPPORTED'],
      ['as plain text', {}, { 'content-type': 'text/plain' }, 415, 'BODY_UNSUPPORTED'],
    ];
  for (const path of ['/gate/login', '/gate/logout']) {
    for (const [name, form, headers, status, code] of attempts) {
      it(`refuse a POST to ${path} ${name} with ${code}`, async () => {
        const earlier = await opened();
        const reply = await browser.post(
          path,
          { ...credentials, ...form },
          { accept: 'application/json', ...headers },
        );
        expect([reply.status, JSON.parse(reply.text).code]).to.deep.equal([status, code]);
        expect(await opened()).to.equal(earlier);
      });
    }
  }

  it('refuse a form that is too large, on a connection that still works', async () => {
    const reply = await browser.post('/gate/login', { ...credentials, next: 'x'.repeat(40_000) });
    expect([reply.status, codeOn(reply)]).to.deep.equal([413, 'BODY_TOO_LARGE']);
  });

  it('refuse a field that comes twice', async () => {
    const body = `_xsrf=${browser.cookies.get('_xsrf') ?? ''}&name=alice&name=bob&password=x`;
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
    const headers = { origin: server.origin, cookie, 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await fetch(`${server.origin}/gate/login`, { method: 'POST', body, headers });
    expect(JSON.parse(await reply.text()).code).to.equal('BODY_INVALID');
  });

  it('refuse a form without a password', async () => {
    expect(codeOn(await browser.post('/gate/login', { name: 'alice' }))).to.equal('BODY_INVALID');
  });

  for (const host of ['evil.example', 'localhost', 'localhost:1']) {
    it(`do not answer under the host \`${host}\``, async () => {
      for (const path of ['/gate/login', '/gate/logout', '/gate/denied', '/gate/none']) {
        expect(await rawStatus(server.port, path, { host })).to.equal(421);
      }
    });
  }

  it('answer under the other names of this machine', async () => {
    expect(await rawStatus(server.port, '/gate/login', { host: `localhost:${server.port}` })).to.equal(200);
  });

  const elsewhere = [
    'https://evil.example/',
    '//evil.example/',
    '/\\evil.example/',
    '\\\\evil.example',
    '/\t/evil.example',
    '/..//evil.example',
    '/.//evil.example',
    'javascript:alert(1)',
    'evil.example',
    '/gate/logout',
    '/login?next=/login',
    '',
  ];
  for (const next of elsewhere) {
    it(`go to the start page instead of ${JSON.stringify(next)}`, async () => {
      const reply = await browser.post(`/gate/login?next=${encodeURIComponent(next)}`, credentials);
      expect([reply.status, reply.headers.get('location')]).to.deep.equal([303, '/']);
      const redirect = await browser.get(`/login?next=${encodeURIComponent(next)}`);
      expect(redirect.headers.get('location')).to.equal('/gate/login');
    });
  }

  it("keep a page of their own in `next`, with its query, on Jupyter's names too", async () => {
    const next = '/lab/tree/x.ipynb?reset#cell';
    const redirect = await browser.get(`/login?next=${encodeURIComponent(next)}`);
    expect(redirect.headers.get('location')).to.equal(`/gate/login?next=${encodeURIComponent(next)}`);
    const reply = await browser.post(`/gate/login?next=${encodeURIComponent(next)}`, credentials);
    expect(reply.headers.get('location')).to.equal(next);
  });

  it('carry a policy that allows no script, no frame and no form to elsewhere', async () => {
    for (const path of ['/gate/login', '/gate/logout', '/gate/denied', '/gate/none']) {
      const { headers, text } = await browser.get(path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy)
        .to.contain("default-src 'none'")
        .and.to.contain("frame-ancestors 'none'")
        .and.to.contain("form-action 'self'");
      expect(policy).not.to.contain('unsafe');
      expect(text).not.to.match(/<script| on[a-z]+=| style=/);
      expect(headers.get('referrer-policy')).to.equal('same-origin');
      expect(headers.get('cache-control')).to.equal('no-store');
    }
  });

  it('put no session secret into a page', async () => {
    await browser.post('/gate/login', credentials);
    const secret = browser.cookies.get('jupyter-gate-test') ?? '';
    expect(secret).to.have.length(43);
    for (const path of ['/gate/login', '/gate/logout', '/gate/denied', '/gate/none']) {
      expect((await browser.get(path)).text).not.to.contain(secret);
    }
  });

  it('take no notice of a token in a header, so that every POST needs Origin and `_xsrf`', async () => {
    const authorization = `Bearer ${await server.addToken('alice')}`;
    const reply = await browser.post(
      '/gate/login',
      { ...credentials, _xsrf: 'x' },
      { authorization, accept: '*/*' },
    );
    expect(JSON.parse(reply.text).code).to.equal('XSRF_MISMATCH');
  });
});

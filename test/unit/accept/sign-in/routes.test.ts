import { expect } from 'chai';
import { createBrowser, codeOn } from '../../../support/sign-in/browser.ts';
import type { Browser } from '../../../support/sign-in/browser.ts';
import { PASSWORD, startSignInServer } from '../../../support/sign-in/sign-in-server.ts';
import type { SignInServer } from '../../../support/sign-in/sign-in-server.ts';

describe("the gate's own addresses", () => {
  let server: SignInServer;
  let browser: Browser;

  before(async () => {
    server = await startSignInServer();
    browser = createBrowser(server.origin);
  });
  after(() => server.close());

  it('tell that the gate is alive, under any host and without cookies', async () => {
    const reply = await createBrowser(server.origin).get('/gate/health');
    expect([reply.status, reply.text]).to.deep.equal([200, '{"status":"ok"}']);
    expect(reply.setCookies).to.deep.equal([]);
  });

  it("send Jupyter's names to ours", async () => {
    expect((await browser.get('/login')).headers.get('location')).to.equal('/gate/login');
    expect((await browser.get('/logout')).headers.get('location')).to.equal('/gate/logout');
  });

  for (const path of [
    '/gate/none',
    '/gate',
    '/gate/',
    '/gate/login/',
    '/gate/Login',
    '/gate/%6Cogin',
    '/gate/a/b',
  ]) {
    it(`answer NOT_FOUND to ${path} and pass nothing on`, async () => {
      const reply = await browser.get(path);
      expect([reply.status, codeOn(reply)]).to.deep.equal([404, 'NOT_FOUND']);
    });
  }

  for (const path of ['/', '/gateway', '/lab', '/login/', '/GATE/login', '/api/me']) {
    it(`pass ${path} on`, async () => {
      expect((await browser.get(path)).text).to.equal('passed on');
    });
  }

  it('refuse other methods', async () => {
    const headers = { accept: 'application/json' };
    for (const path of ['/gate/login', '/gate/health', '/login']) {
      const reply = await fetch(server.origin + path, { method: 'PUT', headers });
      expect(JSON.parse(await reply.text()).code).to.equal('METHOD_UNKNOWN');
    }
  });

  describe('for a refusal', () => {
    it('explain it in words, with what was asked and the code', async () => {
      const query = 'code=DENIED_BY_RULE&act=write&res=contents&path=/pub/%3Cb%3E.ipynb';
      const reply = await browser.get(`/gate/denied?${query}`);
      expect([
        reply.status,
        codeOn({ ...reply, text: reply.text.slice(reply.text.indexOf('Code')) }),
      ]).to.deep.equal([403, 'DENIED_BY_RULE']);
      expect(reply.text).to.contain('A rule refuses this.').and.to.contain('/pub/&lt;b&gt;.ipynb');
    });

    it('show no words but their own', async () => {
      const reply = await browser.get('/gate/denied?act=call+555&res=now');
      expect(reply.text).not.to.contain('call 555');
      expect(codeOn(await browser.get('/gate/denied?code=YOU_HAVE_WON'))).to.equal('NOT_FOUND');
      expect(codeOn(await browser.get('/gate/denied?code=constructor'))).to.equal('NOT_FOUND');
      for (const code of ['INTERNAL', 'STORE_UNAVAILABLE', 'BODY_TOO_LARGE']) {
        const unexplained = await browser.get(`/gate/denied?code=${code}`);
        expect([unexplained.status, codeOn(unexplained)], code).to.deep.equal([404, 'NOT_FOUND']);
      }
      expect(codeOn(await browser.get('/gate/denied?path=/a/../b'))).to.equal('PATH_INVALID');
    });
  });
});

describe("the gate's own addresses below a base URL, over TLS", () => {
  let server: SignInServer;

  before(async () => {
    server = await startSignInServer({ baseUrl: '/lab:1/', secure: true });
    await server.addUser('alice');
  });
  after(() => server.close());

  it('keep cookies, links and redirects below it', async () => {
    const browser = createBrowser(server.origin);
    const page = await browser.get('/lab:1/gate/login?next=/elsewhere');
    expect(page.text).to.contain('action="/lab:1/gate/login"');
    expect(
      page.setCookies.every((line) => line.includes('; Path=/lab:1/;') && line.includes('; Secure')),
    ).to.equal(true);
    const reply = await browser.post('/lab:1/gate/login?next=/elsewhere', {
      name: 'alice',
      password: PASSWORD,
    });
    expect([reply.status, reply.headers.get('location')]).to.deep.equal([303, '/lab:1/']);
    expect(reply.setCookies[0]).to.match(
      /^jupyter-gate-test=[\w-]+; Path=\/lab:1\/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax$/,
    );
    expect((await browser.get('/lab:1/login')).headers.get('location')).to.equal('/lab:1/gate/login');
    expect((await browser.get('/gate/login')).text).to.equal('passed on');
  });
});

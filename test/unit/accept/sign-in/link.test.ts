import { expect } from 'chai';
import { createBrowser, codeOn } from '../../../support/sign-in/browser.ts';
import type { Browser } from '../../../support/sign-in/browser.ts';
import { mintId } from '../../../../src/authenticate/secrets.ts';
import { PASSWORD, startSignInServer } from '../../../support/sign-in/sign-in-server.ts';
import type { SignInServer } from '../../../support/sign-in/sign-in-server.ts';

async function whoIsIn(browser: Browser): Promise<string | null> {
  return JSON.parse((await browser.get('/gate/login', { accept: 'application/json' })).text).user;
}

describe('signing in with what an address carries', () => {
  let server: SignInServer;
  let browser: Browser;

  before(async () => {
    server = await startSignInServer();
    await server.addUser('alice', { displayName: 'Alice' });
    await server.addUser('bob', { displayName: 'Bob' });
  });
  after(() => server.close());
  beforeEach(() => {
    // Failed attempts and sessions of the test before are over by then.
    server.clock.advance(3_600_000);
    browser = createBrowser(server.origin);
  });

  describe('a one-time link', () => {
    it('names the account on GET, as often as it is opened, and signs nobody in', async () => {
      const code = await server.link('alice');
      for (let count = 0; count < 3; count += 1) {
        const reply = await browser.get(`/gate/login?link=${code}`);
        expect(reply.status).to.equal(200);
        expect(reply.text).to.contain('Sign in as Alice?').and.to.contain('Continue as alice');
      }
      expect(await whoIsIn(browser)).to.equal(null);
    });

    it('is not repeated in the page', async () => {
      const code = await server.link('alice');
      expect((await browser.get(`/gate/login?link=${code}`)).text).not.to.contain(code);
    });

    it('signs in on POST and leaves the address bar', async () => {
      const address = `/gate/login?link=${await server.link('alice')}&next=/lab`;
      await browser.get(address);
      const reply = await browser.post(address);
      expect([reply.status, reply.headers.get('location')]).to.deep.equal([303, '/lab']);
      expect(await whoIsIn(browser)).to.equal('alice');
    });

    it('works once', async () => {
      const address = `/gate/login?link=${await server.link('alice')}`;
      await browser.get(address);
      await browser.post(address);
      const other = createBrowser(server.origin);
      const again = await other.get(address);
      expect([again.status, codeOn(again)]).to.deep.equal([410, 'LINK_INVALID']);
      const post = await other.post(address);
      expect([post.status, codeOn(post)]).to.deep.equal([410, 'LINK_INVALID']);
      expect(await whoIsIn(other)).to.equal(null);
    });

    it('opens one session when two browsers press the button together', async () => {
      const address = `/gate/login?link=${await server.link('alice')}`;
      const browsers = [browser, createBrowser(server.origin)];
      for (const one of browsers) await one.get(address);
      const replies = await Promise.all(browsers.map((one) => one.post(address)));
      expect(replies.map((reply) => reply.status)).to.have.members([303, 410]);
    });

    it('ends with its time', async () => {
      const address = `/gate/login?link=${await server.link('alice')}`;
      server.clock.advance(600_000);
      expect((await browser.get(address)).status).to.equal(410);
    });

    it('ends with its user', async () => {
      await server.addUser('carol');
      const address = `/gate/login?link=${await server.link('carol')}`;
      await server.store.transaction((tx) => tx.users.update('carol', { active: false }));
      expect((await browser.get(address)).status).to.equal(410);
      expect((await browser.post(address)).status).to.equal(410);
    });

    it('says whose session it would replace, and keeps that until the button is pressed', async () => {
      await browser.get('/gate/login');
      await browser.post('/gate/login', { name: 'bob', password: PASSWORD });
      const address = `/gate/login?link=${await server.link('alice')}`;
      const page = await browser.get(address);
      expect(page.text).to.contain('You are signed in as <strong>Bob</strong>');
      expect(await whoIsIn(browser)).to.equal('bob');
      await browser.post(address);
      expect(await whoIsIn(browser)).to.equal('alice');
    });

    it('asks again when the page was shown before somebody signed in', async () => {
      const address = `/gate/login?link=${await server.link('alice')}`;
      await browser.get(address);
      const stale = browser.cookies.get('_xsrf') ?? '';
      await browser.post('/gate/login', { name: 'bob', password: PASSWORD });
      const reply = await browser.post(address, { _xsrf: stale });
      expect(reply.status).to.equal(403);
      expect(reply.text).to.contain('out of date').and.to.contain('<strong>Bob</strong>');
      expect(await whoIsIn(browser)).to.equal('bob');
    });

    it('cannot be guessed for long', async () => {
      for (let count = 0; count < 100; count += 1) await browser.get(`/gate/login?link=guess${count}`);
      expect((await browser.get('/gate/login?link=guess')).status).to.equal(429);
      expect((await browser.get('/gate/login')).status).to.equal(200);
    });

    it('is refused when it is given twice', async () => {
      expect(codeOn(await browser.get('/gate/login?link=a&link=b'))).to.equal('TARGET_INVALID');
    });
  });

  describe('an API token', () => {
    it('names the account on GET without repeating the token, and signs in on POST', async () => {
      const token = await server.addToken('alice');
      const page = await browser.get(`/gate/login?token=${token}&next=/lab`);
      expect(page.text).to.contain('Continue as alice').and.not.to.contain(token);
      expect(await whoIsIn(browser)).to.equal(null);
      const reply = await browser.post(`/gate/login?token=${token}&next=/lab`);
      expect([reply.status, reply.headers.get('location')]).to.deep.equal([303, '/lab']);
      expect(await whoIsIn(browser)).to.equal('alice');
    });

    it('opens no session that outlives it', async () => {
      const token = await server.addToken('alice', { expiresAt: server.clock.now() + 60_000 });
      await browser.get('/gate/login');
      await browser.post(`/gate/login?token=${token}`);
      server.clock.advance(60_000);
      expect(await whoIsIn(browser)).to.equal(null);
    });

    it('ends the sessions it opened when it is revoked, and no others', async () => {
      const id = mintId();
      const token = await server.addToken('alice', { id });
      const other = createBrowser(server.origin);
      for (const each of [browser, other]) await each.get('/gate/login');
      await browser.post(`/gate/login?token=${token}`);
      await other.post(`/gate/login?link=${await server.link('alice')}`);
      expect([await whoIsIn(browser), await whoIsIn(other)]).to.deep.equal(['alice', 'alice']);
      await server.store.transaction((tx) => tx.tokens.revoke(id, server.clock.now()));
      server.authenticator.forget();
      expect([await whoIsIn(browser), await whoIsIn(other)]).to.deep.equal([null, 'alice']);
    });

    const refused: readonly [string, Parameters<SignInServer['addToken']>[1], string][] = [
      ['was revoked', { revokedAt: 1 }, 'TOKEN_INVALID'],
      ['expired', { expiresAt: 1 }, 'TOKEN_INVALID'],
      ['holds fewer roles than its owner', { roles: ['role:viewer'] }, 'TOKEN_INVALID'],
      ['was issued for the admin listener', { audience: 'admin' }, 'TOKEN_AUDIENCE'],
      ['belongs to nobody', { user: 'nobody' }, 'TOKEN_INVALID'],
    ];
    for (const [name, change, code] of refused) {
      it(`is refused with ${code} when it ${name}`, async () => {
        const token = await server.addToken('alice', change);
        const page = await browser.get(`/gate/login?token=${token}`);
        expect([page.status, codeOn(page)]).to.deep.equal([401, code]);
        expect(codeOn(await browser.post(`/gate/login?token=${token}`))).to.equal(code);
        expect(await whoIsIn(browser)).to.equal(null);
      });
    }
  });
});

import { expect } from 'chai';
import { PASSWORD, startSignInServer } from '../../../support/sign-in/sign-in-server.ts';
import type { SignInServer } from '../../../support/sign-in/sign-in-server.ts';
import { createBrowser } from '../../../support/sign-in/browser.ts';
import type { Browser } from '../../../support/sign-in/browser.ts';

const SESSION = 'jupyter-gate-test';

describe('signing in with a password', () => {
  let server: SignInServer;
  let browser: Browser;

  before(async () => {
    server = await startSignInServer();
    await server.addUser('alice', { displayName: 'Alice <Liddell>' });
    await server.addUser('bob');
  });
  after(() => server.close());
  beforeEach(async () => {
    // Failed attempts and sessions of the test before are over by then.
    server.clock.advance(3_600_000);
    browser = createBrowser(server.origin);
    await browser.get('/gate/login');
  });

  const signIn = (form: Record<string, string> = {}, path = '/gate/login') =>
    browser.post(path, { name: 'alice', password: PASSWORD, ...form });
  async function whoIsIn(): Promise<unknown> {
    return JSON.parse((await browser.get('/gate/login', { accept: 'application/json' })).text);
  }
  const auditOf = (what: string) => server.audited(what);

  it('opens a session and goes on to the page that was wanted', async () => {
    const reply = await signIn({}, '/gate/login?next=/lab/tree/a%2520b.ipynb');
    expect([reply.status, reply.headers.get('location')]).to.deep.equal([303, '/lab/tree/a%20b.ipynb']);
    expect(await whoIsIn()).to.deep.equal({ user: 'alice' });
    const [entry] = await auditOf('session.open');
    expect(entry).to.deep.include({ actor: 'alice', at: server.clock.now() });
    const end = new Date(server.clock.now() + 3_600_000).toISOString();
    expect(entry?.after).to.deep.include({ how: 'password', expires_at: end });
  });

  it('sets one HttpOnly session cookie and one `_xsrf` that scripts may read', async () => {
    const { setCookies } = await signIn();
    expect(setCookies).to.have.length(2);
    expect(setCookies[0]).to.match(
      /^jupyter-gate-test=[\w-]{43}; Path=\/; Max-Age=3600; HttpOnly; SameSite=Lax$/,
    );
    expect(setCookies[1]).to.match(/^_xsrf=[\w-]{43}; Path=\/; SameSite=Strict$/);
  });

  it('keeps only the hash of the cookie', async () => {
    await signIn();
    const secret = browser.cookies.get(SESSION) ?? '';
    expect(await server.store.read.sessions.findByHash(secret)).to.equal(undefined);
    expect(JSON.stringify(await auditOf('session.open'))).not.to.contain(secret);
  });

  it('takes the name whatever its case', async () => {
    expect((await signIn({ name: ' Alice ' })).status).to.equal(303);
  });

  it('shows the form again with 401, the name and no password when it is wrong', async () => {
    const reply = await signIn({ password: 'wrong"><b>secret' });
    expect(reply.status).to.equal(401);
    expect(reply.text).to.contain('Name or password is wrong').and.to.contain('value="alice"');
    expect(reply.text).not.to.contain('secret');
    expect(await whoIsIn()).to.deep.equal({ user: null });
    const [entry] = await auditOf('session.refused');
    expect(entry).to.deep.include({ target: 'alice', after: { how: 'password', code: 'CREDENTIALS_WRONG' } });
  });

  it('escapes the name it shows again', async () => {
    expect((await signIn({ name: '"><script>x</script>' })).text).not.to.contain('<script');
  });

  it('answers the same, after the same work, for a name that does not exist', async () => {
    const wrong = await signIn({ password: 'wrong password' });
    const before = server.derived.length;
    const unknown = await signIn({ name: 'nobody', password: 'wrong password' });
    const impossible = await signIn({ name: '../etc', password: 'wrong password' });
    expect(server.derived.length - before).to.equal(2);
    expect([unknown.status, impossible.status]).to.deep.equal([wrong.status, wrong.status]);
    expect(unknown.text.replaceAll('nobody', 'alice')).to.equal(wrong.text);
  });

  it('does not write into the audit what was typed for a name', async () => {
    await signIn({ name: 'hunter2-my-password' });
    expect((await auditOf('session.refused'))[0]?.target).to.equal('');
  });

  it('refuses a user without a password, and tells a disabled one only who knows the password', async () => {
    await server.addUser('linked', { passwordHash: null });
    await server.addUser('gone', { active: false });
    expect((await signIn({ name: 'linked' })).status).to.equal(401);
    expect((await signIn({ name: 'gone', password: 'wrong password' })).status).to.equal(401);
    const disabled = await signIn({ name: 'gone' });
    expect(disabled.status).to.equal(403);
    expect(disabled.text).to.contain('This account is disabled');
  });

  it('refuses a removed user like an unknown one', async () => {
    await server.addUser('left', { removedAt: 1 });
    expect((await signIn({ name: 'left' })).status).to.equal(401);
  });

  it('refuses the fourth attempt without hashing, and lets go after five minutes', async () => {
    for (let count = 0; count < 3; count += 1) await signIn({ password: 'wrong password' });
    const before = server.derived.length;
    const refused = await signIn();
    expect(refused.status).to.equal(429);
    expect(refused.text).to.contain('Too many attempts').and.to.contain('Try again in 300 s');
    expect(server.derived.length).to.equal(before);
    server.clock.advance(300_000);
    expect((await signIn()).status).to.equal(303);
  });

  it('counts attempts that are under way at the same time', async () => {
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => signIn({ password: 'wrong password' })),
    );
    expect(replies.filter((reply) => reply.status === 401)).to.have.length(3);
  });

  it('ends the session this browser had before', async () => {
    await signIn();
    const old = browser.cookies.get(SESSION) ?? '';
    const page = await browser.get('/gate/login?next=/lab');
    expect(page.text).to.contain('Alice &lt;Liddell&gt;').and.to.contain('ends that');
    await signIn({ name: 'bob' });
    expect(await whoIsIn()).to.deep.equal({ user: 'bob' });
    browser.cookies.set(SESSION, old);
    expect(await whoIsIn()).to.deep.equal({ user: null });
    expect((await auditOf('session.close'))[0]).to.deep.include({
      target: 'alice',
      after: { why: 'replaced' },
    });
  });

  it('does not replace an account for a form that was shown before it signed in', async () => {
    const stale = browser.cookies.get('_xsrf') ?? '';
    await signIn();
    const reply = await signIn({ name: 'bob', _xsrf: stale });
    expect(reply.status).to.equal(403);
    expect(reply.text).to.contain('out of date').and.to.contain('You are signed in as');
    expect(await whoIsIn()).to.deep.equal({ user: 'alice' });
  });

  it('ends the session when its time is over', async () => {
    await signIn();
    server.clock.advance(3_600_000);
    const reply = await browser.get('/gate/login');
    expect(reply.setCookies[0]).to.match(/^jupyter-gate-test=; Path=\/; Max-Age=0/);
    expect(await whoIsIn()).to.deep.equal({ user: null });
  });

  it('answers programs in JSON', async () => {
    const wrong = await browser.post(
      '/gate/login',
      { name: 'alice', password: 'wrong password' },
      { accept: '*/*' },
    );
    expect([wrong.status, JSON.parse(wrong.text).code]).to.deep.equal([401, 'CREDENTIALS_WRONG']);
    const right = await browser.post('/gate/login', { name: 'alice', password: PASSWORD }, { accept: '*/*' });
    expect(JSON.parse(right.text)).to.deep.equal({
      user: 'alice',
      expires_at: new Date(server.clock.now() + 3_600_000).toISOString(),
    });
  });

  it('signs out after asking, and the cookie opens nothing any more', async () => {
    await signIn();
    const secret = browser.cookies.get(SESSION) ?? '';
    expect((await browser.get('/gate/logout')).text).to.contain('Sign out?');
    expect(await whoIsIn()).to.deep.equal({ user: 'alice' });
    const { credentials } = await server.store.read.state.counters();
    const reply = await browser.post('/gate/logout');
    expect([reply.status, reply.headers.get('location')]).to.deep.equal([303, '/gate/logout']);
    expect((await server.store.read.state.counters()).credentials).to.equal(credentials + 1);
    expect((await browser.get('/gate/logout')).text).to.contain('You are signed out');
    browser.cookies.set(SESSION, secret);
    expect(await whoIsIn()).to.deep.equal({ user: null });
    expect((await auditOf('session.close'))[0]).to.deep.include({ after: { why: 'signed out' } });
  });
});

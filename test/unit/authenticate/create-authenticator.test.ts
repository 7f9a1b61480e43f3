import { expect } from 'chai';
import type { CredentialSource } from '../../../src/authenticate/authenticator.ts';
import { createAttempts } from '../../../src/authenticate/attempts.ts';
import { createAuthenticator } from '../../../src/authenticate/create-authenticator.ts';
import { createBrowserCookies } from '../../../src/authenticate/browser-cookies.ts';
import { hashSecret } from '../../../src/authenticate/secrets.ts';
import { asAppError } from '../../../src/core/errors.ts';
import type { Audience, Identity } from '../../../src/core/identity.ts';
import { movableClock } from '../../support/sign-in/movable-clock.ts';

type Token = NonNullable<Awaited<ReturnType<CredentialSource['token']>>>;

const OPTIONS = { instanceId: 'test', secret: Buffer.alloc(32, 1), baseUrl: '/' };
const HOUR = 3_600_000;

/** Credentials in plain maps, with every look-up counted. */
function setUp() {
  const clock = movableClock();
  const users = new Map([['alice', { displayName: 'Alice', active: true }]]);
  const tokens = new Map<string, Token>();
  const sessions = new Map<string, { id: string; user: string; expiresAt: number }>();
  const reads: string[] = [];
  const source: CredentialSource = {
    async token(hash) {
      reads.push('token');
      return tokens.get(hash);
    },
    async session(hash) {
      reads.push('session');
      return sessions.get(hash);
    },
    async user(name) {
      reads.push('user');
      return users.get(name);
    },
  };
  const authenticator = createAuthenticator({
    source,
    clock,
    ...OPTIONS,
    guesses: createAttempts({ clock, limit: 3 }),
    adminTokenHash: hashSecret('the-admin-token'),
  });

  function addToken(secret: string, change: Partial<Token> = {}): void {
    const token = {
      id: 't1',
      user: 'alice',
      audience: 'proxy' as Audience,
      roles: null,
      expiresAt: null,
      revokedAt: null,
    };
    tokens.set(hashSecret(secret), { ...token, ...change });
  }
  function addSession(secret: string): void {
    sessions.set(hashSecret(secret), { id: 's1', user: 'alice', expiresAt: clock.now() + HOUR });
  }
  const identify = (
    headers: Record<string, string>,
    change: { audience?: Audience; secure?: boolean; queryToken?: string } = {},
  ) =>
    authenticator.identify({
      headers,
      queryToken: undefined,
      audience: 'proxy',
      secure: false,
      address: '192.0.2.1',
      ...change,
    });
  async function codeFor(secret: string, audience: Audience = 'proxy'): Promise<string> {
    try {
      return (await identify({ authorization: `Bearer ${secret}` }, { audience })).identity.subject;
    } catch (error) {
      return asAppError(error).code;
    }
  }
  return { clock, users, tokens, sessions, reads, authenticator, addToken, addSession, identify, codeFor };
}

describe('createAuthenticator', () => {
  describe('with a token', () => {
    it('names its owner, its id and its roles, and asks nothing of the browser', async () => {
      const { addToken, identify } = setUp();
      addToken('abc', { roles: ['role:viewer'] });
      const { identity, setCookies } = await identify({}, { queryToken: 'abc' });
      expect(identity).to.deep.equal({
        subject: 'alice',
        displayName: 'Alice',
        credential: 'token',
        roles: ['role:viewer'],
        credentialId: 't1',
        ambient: false,
        xsrf: null,
        expiresAt: null,
      } satisfies Identity);
      expect(setCookies).to.deep.equal([]);
    });

    it('refuses one that nobody issued, never making it anonymous', async () => {
      expect(await setUp().codeFor('unknown')).to.equal('TOKEN_INVALID');
    });

    it('refuses an address that tried many wrong ones, and nobody whose token is known', async () => {
      const { addToken, codeFor, authenticator } = setUp();
      for (const secret of ['good', 'later']) addToken(secret);
      expect(await codeFor('good')).to.equal('alice');
      for (const guess of ['g1', 'g2', 'g3']) expect(await codeFor(guess)).to.equal('TOKEN_INVALID');
      for (const secret of ['g4', 'g1', 'later']) expect(await codeFor(secret)).to.equal('TOO_MANY_ATTEMPTS');
      expect(await codeFor('good'), 'looked up before').to.equal('alice');
      expect(await codeFor('the-admin-token', 'admin'), 'nobody locks the administrator out').to.equal(
        'gate:root',
      );
      const elsewhere = { headers: { authorization: 'Bearer later' }, address: '198.51.100.9' };
      const asked = { queryToken: undefined, audience: 'proxy', secure: false, ...elsewhere } as const;
      expect((await authenticator.identify(asked)).identity.subject).to.equal('alice');
    });

    it('takes a client that goes on with one dead token for no guesser', async () => {
      const { addToken, codeFor, authenticator } = setUp();
      addToken('good');
      for (let count = 0; count < 10; count += 1) {
        expect(await codeFor('dead')).to.equal('TOKEN_INVALID');
        authenticator.forget();
      }
      expect(await codeFor('good')).to.equal('alice');
    });

    it('refuses one that was revoked', async () => {
      const { addToken, codeFor } = setUp();
      addToken('abc', { revokedAt: 1 });
      expect(await codeFor('abc')).to.equal('TOKEN_INVALID');
    });

    it('refuses one from the very moment it expires, also when it is cached', async () => {
      const { addToken, codeFor, clock } = setUp();
      addToken('abc', { expiresAt: clock.now() + 1000 });
      expect(await codeFor('abc')).to.equal('alice');
      clock.advance(999);
      expect(await codeFor('abc')).to.equal('alice');
      clock.advance(1);
      expect(await codeFor('abc')).to.equal('TOKEN_INVALID');
    });

    it('refuses that of a disabled and of a removed user', async () => {
      const { addToken, codeFor, users } = setUp();
      addToken('abc');
      users.set('alice', { displayName: 'Alice', active: false });
      expect(await codeFor('abc')).to.equal('TOKEN_INVALID');
      users.delete('alice');
      expect(await codeFor('abc')).to.equal('TOKEN_INVALID');
    });

    it('refuses one of the other audience, on both listeners', async () => {
      const { addToken, codeFor } = setUp();
      addToken('for-proxy');
      addToken('for-admin', { audience: 'admin' });
      expect(await codeFor('for-proxy', 'admin')).to.equal('TOKEN_AUDIENCE');
      expect(await codeFor('for-admin', 'proxy')).to.equal('TOKEN_AUDIENCE');
      expect(await codeFor('for-admin', 'admin')).to.equal('alice');
    });

    it('knows the admin token on the admin listener only', async () => {
      const { codeFor } = setUp();
      expect(await codeFor('the-admin-token', 'admin')).to.equal('gate:root');
      expect(await codeFor('the-admin-token', 'proxy')).to.equal('TOKEN_AUDIENCE');
    });

    it('prefers it to a session cookie', async () => {
      const { addToken, addSession, identify } = setUp();
      addToken('abc');
      addSession('cookie-secret');
      const cookie = 'jupyter-gate-test=cookie-secret';
      expect((await identify({ cookie, authorization: 'token abc' })).identity.credential).to.equal('token');
    });
  });

  describe('on the admin listener', () => {
    it('reads no cookie at all', async () => {
      const { addSession, identify, reads } = setUp();
      addSession('cookie-secret');
      const refused = async () =>
        identify({ cookie: 'jupyter-gate-test=cookie-secret' }, { audience: 'admin' });
      expect(asAppError(await refused().catch((error: unknown) => error)).code).to.equal('SIGN_IN_REQUIRED');
      expect(reads).to.deep.equal([]);
    });
  });

  describe('with a session cookie', () => {
    const cookie = 'jupyter-gate-test=cookie-secret';

    it('names the user and binds `_xsrf` to the session', async () => {
      const { addSession, identify } = setUp();
      addSession('cookie-secret');
      const { identity, setCookies } = await identify({ cookie });
      expect(identity).to.include({
        subject: 'alice',
        credential: 'session',
        credentialId: 's1',
        ambient: true,
      });
      expect(identity.xsrf).to.equal(createBrowserCookies(OPTIONS).xsrfValue('session', 's1'));
      expect(setCookies).to.deep.equal([`_xsrf=${identity.xsrf ?? ''}; Path=/; SameSite=Strict`]);
    });

    it('sets nothing when `_xsrf` is there already', async () => {
      const { addSession, identify } = setUp();
      addSession('cookie-secret');
      const { identity } = await identify({ cookie });
      const { setCookies } = await identify({ cookie: `${cookie}; _xsrf=${identity.xsrf ?? ''}` });
      expect(setCookies).to.deep.equal([]);
    });

    for (const [how, end] of [
      ['expired', (world: ReturnType<typeof setUp>) => world.clock.advance(HOUR)],
      [
        'was removed and forgotten',
        ({ sessions, authenticator }: ReturnType<typeof setUp>) => {
          sessions.clear();
          authenticator.forget();
        },
      ],
    ] as const) {
      it(`no longer knows a header it remembered once its session ${how}`, async () => {
        const world = setUp();
        world.addSession('cookie-secret');
        const { identity } = await world.identify({ cookie });
        const whole = `${cookie}; _xsrf=${identity.xsrf ?? ''}`;
        await world.identify({ cookie: whole });
        expect((await world.identify({ cookie: whole })).identity.subject).to.equal('alice');
        end(world);
        expect((await world.identify({ cookie: whole })).identity.credential).to.equal('none');
      });
    }

    it('sets `_xsrf` again when another program on this host overwrote it', async () => {
      const { addSession, identify } = setUp();
      addSession('cookie-secret');
      expect((await identify({ cookie: `${cookie}; _xsrf=2|foreign` })).setCookies).to.have.length(1);
    });

    for (const [name, change] of [
      ['unknown', (world: ReturnType<typeof setUp>) => world.sessions.clear()],
      ['expired', (world: ReturnType<typeof setUp>) => world.clock.advance(HOUR)],
      [
        'of a disabled user',
        (world: ReturnType<typeof setUp>) => world.users.set('alice', { displayName: '', active: false }),
      ],
    ] as const) {
      it(`clears one that is ${name} and takes the browser for a guest`, async () => {
        const world = setUp();
        world.addSession('cookie-secret');
        change(world);
        const { identity, setCookies } = await world.identify({ cookie });
        expect(identity.credential).to.equal('none');
        expect(setCookies[0]).to.equal('jupyter-gate-test=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax');
      });
    }

    it('trusts neither of two different session cookies', async () => {
      const { addSession, identify } = setUp();
      addSession('cookie-secret');
      expect(
        (await identify({ cookie: `jupyter-gate-test=planted; ${cookie}` })).identity.credential,
      ).to.equal('none');
    });

    it('ignores the cookie of another gate on the same host', async () => {
      const { addSession, identify } = setUp();
      addSession('cookie-secret');
      const { identity, setCookies } = await identify({ cookie: 'jupyter-gate-other=cookie-secret' });
      expect(identity.credential).to.equal('none');
      expect(setCookies.join()).not.to.contain('Max-Age=0');
    });

    it('takes only the `__Host-` cookie over TLS, which no sibling domain can plant', async () => {
      const { addSession, identify } = setUp();
      addSession('cookie-secret');
      expect((await identify({ cookie }, { secure: true })).identity.credential).to.equal('none');
      const prefixed = `__Host-${cookie}`;
      expect((await identify({ cookie: prefixed }, { secure: true })).identity.credential).to.equal(
        'session',
      );
      expect((await identify({ cookie: prefixed }, { secure: false })).identity.credential).to.equal(
        'session',
      );
    });
  });

  describe('with nothing', () => {
    it('makes a guest and knows it again by its signed cookie', async () => {
      const { identify } = setUp();
      const { identity, setCookies } = await identify({});
      expect(identity.subject).to.match(/^guest:[0-9a-f]{32}$/);
      expect(identity).to.include({ credential: 'none', ambient: true, credentialId: null });
      expect(setCookies[0]).to.match(/; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Lax$/);
      const cookie = setCookies.map((line) => line.split(';')[0]).join('; ');
      const again = await identify({ cookie });
      expect(again.identity).to.deep.equal(identity);
      expect(again.setCookies).to.deep.equal([]);
    });

    it('gives a new id to a guest whose signature is wrong', async () => {
      const { identify } = setUp();
      const id = 'a'.repeat(32);
      const { identity } = await identify({ cookie: `jupyter-gate-test-guest=${id}.forged` });
      expect(identity.subject).not.to.equal(`guest:${id}`);
    });

    it('marks cookies Secure over TLS', async () => {
      const { setCookies } = await setUp().identify({}, { secure: true });
      expect(setCookies.every((line) => line.includes('; Secure'))).to.equal(true);
      expect(setCookies[0]).to.match(/^__Host-jupyter-gate-test-guest=/);
    });
  });

  describe('from memory', () => {
    it('reads the database once for many requests', async () => {
      const { addToken, codeFor, reads } = setUp();
      addToken('abc');
      await Promise.all([codeFor('abc'), codeFor('abc')]);
      await codeFor('abc');
      expect(reads).to.deep.equal(['token', 'user']);
    });

    it('reads again after forget, and then refuses what was revoked', async () => {
      const { addToken, codeFor, authenticator } = setUp();
      addToken('abc');
      expect(await codeFor('abc')).to.equal('alice');
      addToken('abc', { revokedAt: 1 });
      authenticator.forget();
      expect(await codeFor('abc')).to.equal('TOKEN_INVALID');
    });

    it('does not remember that a token was unknown', async () => {
      const { addToken, codeFor } = setUp();
      expect(await codeFor('abc')).to.equal('TOKEN_INVALID');
      addToken('abc');
      expect(await codeFor('abc')).to.equal('alice');
    });
  });

  it('refuses an instance id that cannot be part of a cookie name', () => {
    expect(() => createBrowserCookies({ ...OPTIONS, instanceId: 'a;b' })).to.throw(TypeError);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { createAuthenticator } from '../../../src/authenticate/create-authenticator.ts';
import { hashSecret } from '../../../src/authenticate/secrets.ts';
import { withCleanups } from '../../../src/app/cleanups.ts';
import { openPolicy } from '../../../src/app/open-policy.ts';
import type { PolicySide } from '../../../src/app/open-policy.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { createSteadyClock } from '../../../src/core/steady-clock.ts';
import { acceptInvitation } from '../../../src/manage/invitations/accept-invitation.ts';
import { createInvitation } from '../../../src/manage/invitations/create-invitation.ts';
import { createLink } from '../../../src/manage/sign-in/create-link.ts';
import { createSignInAttempts } from '../../../src/manage/sign-in/create-sign-in-attempts.ts';
import { credentialSource } from '../../../src/manage/sign-in/credential-source.ts';
import { redeemLink } from '../../../src/manage/sign-in/redeem-link.ts';
import type { SignInDeps } from '../../../src/manage/sign-in/sign-in-deps.ts';
import { issueToken } from '../../../src/manage/tokens/issue-token.ts';
import { addUser } from '../../../src/manage/users/add-user.ts';
import { createLog } from '../../../src/record/log.ts';
import { createMetrics } from '../../../src/record/metrics.ts';
import { eventually } from '../../support/forward-servers.ts';
import { codeOf, MODEL_PATH, START } from '../../support/managed-gate.ts';

const HOUR = 3_600_000;
const root = { subject: 'gate:root', roles: null, address: '127.0.0.1' };
const address = '192.0.2.1';

describe('what people sign in with, when its time is over', function () {
  this.timeout(60_000);
  let dir: string;
  let wall: { time: number; now(): number };
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'gate-ended-'));
    wall = { time: START, now: () => wall.time };
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  /** One run of the gate's policy side on the same data directory, closed at the end. */
  const run = async <T>(work: (side: PolicySide & { signIn: SignInDeps }) => Promise<T>): Promise<T> => {
    const log = createLog({ level: 'silent' });
    const argv = ['--data', dir, '--model', MODEL_PATH.pathname];
    const config = loadConfig({ argv, env: {}, cwd: dir });
    let close = (): Promise<void> => Promise.resolve();
    try {
      return await withCleanups(log, async (cleanups) => {
        close = () => cleanups.run();
        const clock = createSteadyClock(wall);
        const localTime = (): string => new Date(clock.now()).toISOString();
        const metrics = createMetrics();
        const side = await openPolicy(config, { clock, log, metrics, localTime, forget: () => {}, cleanups });
        const { store, passwords } = side;
        const lives = { sessionLifetime: HOUR, linkLifetime: HOUR };
        const attempts = createSignInAttempts(clock);
        const refusals = { add: () => {} };
        const signIn = { store, clock, refusals, passwords, attempts, ...lives, forget: () => {} };
        return work({ ...side, signIn });
      });
    } finally {
      await close();
    }
  };

  const refusals = async (
    { management, signIn }: PolicySide & { signIn: SignInDeps },
    made: {
      readonly session: string;
      readonly token: string;
      readonly link: string;
      readonly invitation: string;
    },
  ) => {
    const { store, clock } = management;
    const instance = { instanceId: 'abcd', secret: Buffer.alloc(32), baseUrl: '/' };
    const source = credentialSource(store.read);
    const authenticator = createAuthenticator({
      source,
      clock,
      ...instance,
      guesses: signIn.attempts.byAddress,
    });
    const caller = { secure: false, address, audience: 'proxy', queryToken: undefined } as const;
    const asToken = Promise.resolve(
      authenticator.identify({ ...caller, headers: { authorization: `token ${made.token}` } }),
    );
    const session = await source.session(hashSecret(made.session));
    const guest = { displayName: 'Eve' };
    return {
      session: session !== undefined && session.expiresAt > clock.now() ? 'good' : 'ended',
      token: await codeOf(asToken),
      link: await codeOf(redeemLink(signIn, { code: made.link, address, previous: undefined })),
      invitation: await codeOf(
        acceptInvitation({ management, signIn }, { code: made.invitation, address, guest }),
      ),
    };
  };

  const ENDED = {
    session: 'ended',
    token: 'TOKEN_INVALID',
    link: 'LINK_INVALID',
    invitation: 'INVITATION_INVALID',
  };

  it('stays ended when the clock is set back over a restart', async () => {
    const made = await run(async ({ management, signIn }) => {
      const { store, clock } = management;
      await addUser(management, root, { name: 'ada' });
      const link = async () =>
        (await createLink({ store, clock, linkLifetime: HOUR }, root, { user: 'ada' })).code;
      const opened = await redeemLink(signIn, { code: await link(), address, previous: undefined });
      const expiresAt = wall.time + HOUR;
      const issued = await issueToken(management, root, { user: 'ada', expiresAt });
      const invited = await createInvitation(management, root, { role: 'viewer', path: '/a/**', expiresAt });
      const all = {
        session: opened.secret,
        token: issued.result.token,
        link: await link(),
        invitation: invited.result.code,
      };
      // Time went on while these were made.
      wall.time += HOUR + 60_000;
      await eventually(async () => {
        const { endings, roles } = store.read;
        expect(await endings.isDue(clock.now())).to.equal(false);
        expect(await roles.find(invited.result.invitation.grantedRole)).to.equal(undefined);
      });
      expect(await store.read.rules.list({ sub: invited.result.invitation.grantedRole }, { limit: 1 })).to.be
        .empty;
      const entries = await store.read.audit.list({}, { limit: 10 });
      const ends = entries.filter(({ via }) => via === 'clock').map(({ what, target }) => [what, target]);
      expect(ends).to.have.deep.members([
        ['session.end', 'ada'],
        ['token.end', `ada/${issued.result.record.id}`],
        ['invitation.end', invited.result.invitation.id],
      ]);
      return all;
    });
    wall.time -= 30 * 60_000;
    expect(await run((side) => refusals(side, made))).to.deep.equal(ENDED);
  });
});

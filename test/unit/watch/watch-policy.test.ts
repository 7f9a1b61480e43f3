import { expect } from 'chai';
import { createAuthenticator } from '../../../src/authenticate/create-authenticator.ts';
import type { Identity } from '../../../src/core/identity.ts';
import type { LiveSocket } from '../../../src/core/live-socket.ts';
import type { Question } from '../../../src/core/question.ts';
import { createPolicyJudge } from '../../../src/gate/policy-judge.ts';
import { grantRole } from '../../../src/manage/grants/grant-role.ts';
import { ungrantRole } from '../../../src/manage/grants/ungrant-role.ts';
import { createSignInAttempts } from '../../../src/manage/sign-in/create-sign-in-attempts.ts';
import { credentialSource } from '../../../src/manage/sign-in/credential-source.ts';
import { issueToken } from '../../../src/manage/tokens/issue-token.ts';
import { revokeToken } from '../../../src/manage/tokens/revoke-token.ts';
import { addUser } from '../../../src/manage/users/add-user.ts';
import { changeUser } from '../../../src/manage/users/change-user.ts';
import { createWatch } from '../../../src/watch/create-watch.ts';
import type { Watch } from '../../../src/watch/create-watch.ts';
import { eventually } from '../../support/forward-servers.ts';
import { openManagedGate } from '../../support/managed-gate.ts';
import type { ManagedGate } from '../../support/managed-gate.ts';

const RUN_ENDED = 'Your right to run code here has ended. Ask an administrator if you need it.';
const SIGN_IN_ENDED = 'Your sign-in has ended. Please sign in again.';

describe('the watch over a real policy', () => {
  let gate: ManagedGate;
  let watch: Watch;
  let told: Map<string, string>;
  let forget = (): void => undefined;
  beforeEach(async () => {
    gate = await openManagedGate({ onForget: () => forget() });
    const { management, clock } = gate;
    const authenticator = createAuthenticator({
      source: credentialSource(management.store.read),
      clock,
      instanceId: 'test',
      secret: Buffer.alloc(32, 1),
      baseUrl: '/',
      guesses: createSignInAttempts(clock).byAddress,
    });
    const { decider, localTime } = management;
    watch = createWatch({
      decider,
      judge: createPolicyJudge(decider),
      authenticator,
      clock,
      localTime,
      intervalMs: 30,
    });
    forget = () => {
      authenticator.forget();
      void watch.recheck();
    };
    told = new Map();
  });
  afterEach(async () => {
    watch.stop();
    forget = () => undefined;
    await gate.close();
  });

  /** A person with a token, and something open that rests on it. */
  async function person(name: string, expiresAt?: number) {
    await addUser(gate.management, gate.root, { name });
    await grantRole(gate.management, gate.root, { subject: name, role: 'temporary', expiresAt });
    const { result } = await issueToken(gate.management, gate.root, { user: name });
    return result;
  }

  function open(
    name: string,
    issued: { token: string; record: { id: string } },
    { id = name, decidedBy = gate.management.decider.current, turn = watch.turn } = {},
  ): () => void {
    const question: Question = {
      sub: name,
      srv: 'default',
      res: 'channels',
      act: 'execute',
      path: '',
      own: name,
      msg: '',
      cell: '',
      ip: '',
      time: gate.management.localTime(),
    };
    const identity: Identity = {
      subject: name,
      displayName: name,
      credential: 'token',
      roles: null,
      credentialId: issued.record.id,
      ambient: false,
      xsrf: null,
      expiresAt: null,
    };
    const socket: LiveSocket = {
      id,
      kind: 'socket',
      since: gate.clock.now(),
      route: 'kernels.channels',
      address: '127.0.0.1',
      identity,
      headers: { authorization: `Bearer ${issued.token}` },
      queryToken: undefined,
      questions: [question],
      verdict: decidedBy.decide(question),
      turn,
      close: ({ detail = '' }) => void told.set(id, detail),
    };
    return watch.add(socket).release;
  }

  it('closes what loses its right, and leaves the rest', async () => {
    for (const name of ['ada', 'bob']) open(name, await person(name));
    await ungrantRole(gate.management, gate.root, { subject: 'ada', role: 'temporary' });
    await eventually(() => void expect([...told]).to.deep.equal([['ada', RUN_ENDED]]));
    expect(watch.list().map(({ id }) => id)).to.deep.equal(['bob']);
  });

  it('closes at the moment a grant ends, without a change of the policy', async () => {
    open('ada', await person('ada', gate.clock.now() + 1000));
    open('bob', await person('bob'));
    gate.clock.tick(999);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(told.size).to.equal(0);
    gate.clock.tick(1);
    await eventually(() => void expect([...told]).to.deep.equal([['ada', RUN_ENDED]]));
  });

  it('closes what came with a token that is revoked, and nothing else of that person', async () => {
    const first = await person('ada');
    const { result: second } = await issueToken(gate.management, gate.root, { user: 'ada' });
    open('ada', first, { id: 'first' });
    open('ada', second, { id: 'second' });
    await revokeToken(gate.management, gate.root, { user: 'ada', id: first.record.id });
    await eventually(() => void expect([...told]).to.deep.equal([['first', SIGN_IN_ENDED]]));
    expect(watch.size).to.equal(1);
  });

  it('closes what a disabled person has open', async () => {
    open('ada', await person('ada'));
    await changeUser(gate.management, gate.root, { name: 'ada', active: false });
    await eventually(() => void expect(told.get('ada')).to.equal(SIGN_IN_ENDED));
  });

  it('does not miss a change that comes between the decision and the registration', async () => {
    const issued = await person('ada');
    const { turn } = watch;
    await revokeToken(gate.management, gate.root, { user: 'ada', id: issued.record.id });
    open('ada', issued, { id: 'late', turn });
    await eventually(() => void expect(told.get('late')).to.equal(SIGN_IN_ENDED));
    const other = await person('bob');
    const { current } = gate.management.decider;
    const before = watch.turn;
    await ungrantRole(gate.management, gate.root, { subject: 'bob', role: 'temporary' });
    expect(current.revision).to.be.below(gate.management.decider.current.revision);
    open('bob', other, { decidedBy: current, turn: before });
    await eventually(() => void expect(told.get('bob')).to.equal(RUN_ENDED));
  });

  it('shows what is open, and closes what is chosen with the words that are given', async () => {
    const release = open('ada', await person('ada'));
    open('bob', await person('bob'));
    const [first] = watch.list();
    expect(first).to.include({ id: 'ada', subject: 'ada', kind: 'socket', act: 'execute', own: 'ada' });
    expect(first?.rules).to.have.lengthOf(1);
    expect(watch.close(new Set(['bob', 'nobody']), 'The lecture is over.')).to.equal(1);
    expect([...told]).to.deep.equal([['bob', 'The lecture is over.']]);
    release();
    expect(watch.list()).to.deep.equal([]);
  });
});

/** Between the look at a sign-in and the moment a request is watched over, what it rests on may end. */
import { request as httpRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { startHeldGate } from '../../support/held-gate.ts';
import type { HeldGate } from '../../support/held-gate.ts';
import { createBrowser } from '../../support/sign-in/browser.ts';

interface Person {
  readonly name: string;
  readonly token: string;
  /** Of a browser they signed in with. */
  readonly headers: Readonly<Record<string, string>>;
  /** Ends the session of that browser. */
  readonly signOut: () => Promise<unknown>;
}

/** What is asked for; `body` is streamed. */
interface Kind {
  readonly method: string;
  readonly path: string;
  readonly upgrade?: boolean;
  readonly body?: string;
}

const KINDS: Readonly<Record<string, Kind>> = {
  'a kernel socket': { method: 'GET', path: '/api/kernels/1a-2b-3c-4d-5e/channels', upgrade: true },
  'the socket of events': { method: 'GET', path: '/api/events/subscribe', upgrade: true },
  'a long response': { method: 'GET', path: '/files/pub/big.bin' },
  'an upload': { method: 'PUT', path: '/api/contents/pub/big.txt', body: '{"type":"file","content":"x"}' },
  'a request with a body that is read': { method: 'POST', path: '/api/kernels', body: '{"name":"python3"}' },
};

describe('a right that ends while a request is on its way', function () {
  this.timeout(30_000);
  let gate: HeldGate;
  let people = 0;

  before(async () => {
    gate = await startHeldGate();
  });
  after(() => gate?.stop());
  beforeEach(() => void gate.reached.splice(0));

  const ENDINGS: Readonly<Record<string, (person: Person) => Promise<unknown>>> = {
    'a sign-out': ({ signOut }) => signOut(),
    'a revoked token': async ({ name }) => {
      const { body } = await gate.admin('GET', `/users/${name}/tokens`);
      return gate.admin('DELETE', `/users/${name}/tokens/${body.items[0].id}`);
    },
    'a disabled person': ({ name }) => gate.admin('PATCH', `/users/${name}`, { active: false }),
    'a removed grant': ({ name }) => gate.admin('DELETE', `/users/${name}/roles/full`),
  };

  async function person(): Promise<Person> {
    const name = `person${(people += 1)}`;
    const token = await gate.person(name, 'full');
    const browser = createBrowser(gate.url);
    const link = new URL(await gate.link(name));
    await browser.get(link.pathname + link.search);
    await browser.post(link.pathname + link.search);
    const cookie = [...browser.cookies].map((pair) => pair.join('=')).join('; ');
    const headers = { cookie, origin: gate.url, 'x-xsrftoken': browser.cookies.get('_xsrf') ?? '' };
    return { name, token, headers, signOut: () => browser.post('/gate/logout') };
  }

  /** Status and text of the answer; `101` when the socket opened. */
  function send({ method, path, upgrade, body }: Kind, credential: Readonly<Record<string, string>>) {
    const handshake = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    };
    return new Promise<string>((resolve, reject) => {
      const sent = httpRequest(
        `${gate.url}${path}${path.includes('channels') ? `?session_id=${crypto.randomUUID()}` : ''}`,
        {
          method,
          agent: false,
          headers: {
            ...credential,
            ...(upgrade === true ? handshake : {}),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
        },
      );
      sent.once('error', reject);
      sent.once('upgrade', (_response, socket) => {
        socket.destroy();
        resolve('101');
      });
      sent.once('response', (response: IncomingMessage) => {
        let text = '';
        response.on('error', () => undefined);
        response.on('data', (chunk) => (text += String(chunk)));
        response.on('close', () => resolve(`${response.statusCode} ${text}`));
        if (response.statusCode === 200) response.once('data', () => response.destroy());
      });
      sent.end(body);
    });
  }

  for (const [what, kind] of Object.entries(KINDS)) {
    for (const [how, end] of Object.entries(ENDINGS)) {
      it(`refuses ${what} that was decided on before ${how}`, async () => {
        const somebody = await person();
        const isSession = how === 'a sign-out';
        const credential = isSession ? somebody.headers : { authorization: `Bearer ${somebody.token}` };
        const { decided, release } = gate.hold();
        const answer = send(kind, credential);
        await decided;
        await end(somebody);
        release();
        expect(await answer).to.match(/^403 .*ACCESS_ENDED/s);
        expect(gate.reached).to.deep.equal([]);
      });
    }

    it(`lets ${what} pass while other people's rights end`, async () => {
      const somebody = await person();
      const { decided, release } = gate.hold();
      const answer = send(kind, somebody.headers);
      await decided;
      for (const end of Object.values(ENDINGS)) await end(await person());
      release();
      await answer;
      expect(gate.reached.map((line) => line.split('?')[0])).to.include(`${kind.method} ${kind.path}`);
    });
  }
});

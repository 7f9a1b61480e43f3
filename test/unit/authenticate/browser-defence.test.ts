import { expect } from 'chai';
import { defend } from '../../../src/authenticate/browser-defence.ts';
import type { DefendedRequest } from '../../../src/authenticate/browser-defence.ts';
import { asAppError } from '../../../src/core/errors.ts';
import type { Identity } from '../../../src/core/identity.ts';

const ORIGINS = ['https://lab.example', 'http://127.0.0.1:8000'];
const SESSION: Identity = {
  subject: 'alice',
  displayName: 'Alice',
  credential: 'session',
  roles: null,
  credentialId: 's1',
  ambient: true,
  xsrf: 'expected',
  expiresAt: null,
};
const TOKEN: Identity = { ...SESSION, credential: 'token', ambient: false, xsrf: null };

interface Attempt {
  readonly method?: string;
  readonly upgrade?: boolean;
  readonly host?: string;
  readonly headers?: DefendedRequest['headers'];
  readonly queryXsrf?: string;
  readonly identity?: Identity;
}

function outcome(attempt: Attempt): string {
  const {
    method = 'POST',
    upgrade = false,
    host = 'lab.example',
    headers = {},
    queryXsrf,
    identity = SESSION,
  } = attempt;
  try {
    const client = { address: '192.0.2.1', host, origin: `https://${host}`, secure: true };
    defend({ method, upgrade, headers, queryXsrf }, client, identity, ORIGINS);
    return 'passes';
  } catch (error) {
    return asAppError(error).code;
  }
}

const good = { origin: 'https://lab.example', cookie: '_xsrf=expected', 'x-xsrftoken': 'expected' };

describe('defend', () => {
  const cases: readonly [string, Attempt, string][] = [
    ['a page under a public host', { method: 'GET' }, 'passes'],
    ['a page with the default port written out', { method: 'GET', host: 'lab.example:443' }, 'passes'],
    ['a page with a capital in the host', { method: 'GET', host: 'Lab.Example' }, 'passes'],
    ['a page under a rebound name', { method: 'GET', host: 'evil.example' }, 'HOST_UNKNOWN'],
    [
      'a page under a public name with another port',
      { method: 'GET', host: '127.0.0.1:8001' },
      'HOST_UNKNOWN',
    ],
    ['a page under a longer name', { method: 'GET', host: 'lab.example.evil.example' }, 'HOST_UNKNOWN'],
    ['a page without a host', { method: 'GET', host: '' }, 'HOST_UNKNOWN'],
    ['a write with everything', { headers: good }, 'passes'],
    [
      'a write with `X-CSRFToken`',
      { headers: { ...good, 'x-xsrftoken': undefined, 'x-csrftoken': 'expected' } },
      'passes',
    ],
    [
      'a write with `_xsrf` in a form',
      { headers: { ...good, 'x-xsrftoken': undefined }, queryXsrf: 'expected' },
      'passes',
    ],
    ['a write without Origin', { headers: { ...good, origin: undefined } }, 'ORIGIN_MISMATCH'],
    [
      'a write from another site',
      { headers: { ...good, origin: 'https://evil.example' } },
      'ORIGIN_MISMATCH',
    ],
    ['a write from a sandboxed frame', { headers: { ...good, origin: 'null' } }, 'ORIGIN_MISMATCH'],
    [
      'a write from another scheme',
      { headers: { ...good, origin: 'http://lab.example' } },
      'ORIGIN_MISMATCH',
    ],
    [
      'a write from another port',
      { headers: { ...good, origin: 'https://lab.example:8888' } },
      'ORIGIN_MISMATCH',
    ],
    ['a write without the header', { headers: { ...good, 'x-xsrftoken': undefined } }, 'XSRF_MISMATCH'],
    ['a write without the cookie', { headers: { ...good, cookie: undefined } }, 'XSRF_MISMATCH'],
    [
      'a write with a pair made up',
      { headers: { ...good, cookie: '_xsrf=made-up', 'x-xsrftoken': 'made-up' } },
      'XSRF_MISMATCH',
    ],
    [
      'a write that claims to be same-origin',
      { headers: { 'sec-fetch-site': 'same-origin' } },
      'ORIGIN_MISMATCH',
    ],
    ['a DELETE without anything', { method: 'DELETE' }, 'ORIGIN_MISMATCH'],
    ['a method nobody knows', { method: 'BREW' }, 'ORIGIN_MISMATCH'],
    [
      'a socket with Origin and cookie',
      { method: 'GET', upgrade: true, headers: { ...good, 'x-xsrftoken': undefined } },
      'passes',
    ],
    [
      'a socket without Origin',
      { method: 'GET', upgrade: true, headers: { ...good, origin: undefined } },
      'ORIGIN_MISMATCH',
    ],
    [
      'a socket from another site',
      { method: 'GET', upgrade: true, headers: { ...good, origin: 'https://evil.example' } },
      'ORIGIN_MISMATCH',
    ],
    [
      'a socket without the cookie',
      { method: 'GET', upgrade: true, headers: { ...good, cookie: undefined } },
      'XSRF_MISMATCH',
    ],
    [
      'a socket under a rebound name',
      { method: 'GET', upgrade: true, host: 'evil.example', headers: good },
      'HOST_UNKNOWN',
    ],
    ['a write with a token from anywhere', { host: 'elsewhere', headers: {}, identity: TOKEN }, 'passes'],
    [
      'a socket with a token from anywhere',
      { upgrade: true, host: 'elsewhere', headers: {}, identity: TOKEN },
      'passes',
    ],
    [
      'a write of a guest without the pair',
      { headers: { origin: good.origin }, identity: { ...SESSION, credential: 'none' } },
      'XSRF_MISMATCH',
    ],
  ];
  for (const [name, attempt, expected] of cases) {
    it(`${expected === 'passes' ? 'lets through' : `answers ${expected} to`} ${name}`, () => {
      expect(outcome(attempt)).to.equal(expected);
    });
  }
});

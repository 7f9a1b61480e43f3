import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { createClientOf } from '../../../../src/accept/server/client-info.ts';
import { AppError } from '../../../../src/core/errors.ts';

interface Sent {
  readonly peer?: string;
  readonly encrypted?: boolean;
  readonly headers?: Record<string, string>;
}

function request({ peer = '203.0.113.9', encrypted = false, headers = {} }: Sent): IncomingMessage {
  return {
    headers: { host: 'lab.example', ...headers },
    socket: { remoteAddress: peer, encrypted },
  } as unknown as IncomingMessage;
}

const FORGED = {
  'x-forwarded-for': '10.9.9.9',
  'x-forwarded-proto': 'https',
  'x-forwarded-host': 'evil.example',
};

describe('where a client is', () => {
  it('comes from the socket and the Host header', () => {
    const clientOf = createClientOf([]);
    expect(clientOf(request({}))).to.deep.equal({
      address: '203.0.113.9',
      origin: 'http://lab.example',
      host: 'lab.example',
      secure: false,
    });
    expect(clientOf(request({ encrypted: true })).origin).to.equal('https://lab.example');
  });

  it('is not what somebody says who is no trusted proxy', () => {
    const client = createClientOf(['10.0.0.0/8', '192.0.2.1'])(request({ headers: FORGED }));
    expect(client).to.include({ address: '203.0.113.9', origin: 'http://lab.example' });
  });

  it('is what a trusted proxy says', () => {
    const headers = {
      'x-forwarded-for': '198.51.100.4',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'Lab.Example:8443',
    };
    expect(createClientOf(['203.0.113.0/24'])(request({ headers }))).to.deep.equal({
      address: '198.51.100.4',
      origin: 'https://lab.example:8443',
      host: 'lab.example:8443',
      secure: true,
    });
  });

  it('is the nearest address that nobody vouches for, whatever stands before it', () => {
    const clientOf = createClientOf(['203.0.113.9', '10.0.0.0/8']);
    const from = (header: string): string =>
      clientOf(request({ headers: { 'x-forwarded-for': header } })).address;
    expect(from('127.0.0.1, 198.51.100.4, 10.0.0.7')).to.equal('198.51.100.4');
    expect(from('10.1.1.1, 10.0.0.7')).to.equal('10.1.1.1');
    expect(from('198.51.100.4, nonsense, 10.0.0.7')).to.equal('10.0.0.7');
    expect(from('198.51.100.4:5555')).to.equal('198.51.100.4');
    expect(from('[2001:db8::1]:5555')).to.equal('2001:db8::1');
  });

  it('is the same for IPv4 and for IPv4 in IPv6 clothes', () => {
    const peer = '::ffff:203.0.113.9';
    expect(createClientOf([])(request({ peer })).address).to.equal('203.0.113.9');
    expect(
      createClientOf(['203.0.113.9'])(request({ peer, headers: { 'x-forwarded-for': '2001:db8::1' } }))
        .address,
    ).to.equal('2001:db8::1');
  });

  it('takes what the nearest of several proxies wrote', () => {
    const headers = { 'x-forwarded-proto': 'http, https', 'x-forwarded-host': 'evil.example, lab.example' };
    expect(createClientOf(['203.0.113.9'])(request({ headers })).origin).to.equal('https://lab.example');
  });

  it('names an origin as browsers do', () => {
    const clientOf = createClientOf([]);
    expect(clientOf(request({ headers: { host: 'LAB.example:80' } })).origin).to.equal('http://lab.example');
    expect(clientOf(request({ headers: { host: '[::1]:8000' } }))).to.include({
      origin: 'http://[::1]:8000',
      host: '[::1]:8000',
    });
  });

  it('is refused for a host that is none, and for another scheme', () => {
    const clientOf = createClientOf(['203.0.113.9']);
    for (const host of [
      '',
      'a b',
      'user@lab.example',
      'lab.example/x',
      'lab.example:99999',
      'http://x',
      '[::1',
      'a,b',
      'a?b',
    ]) {
      expect(() => clientOf(request({ headers: { host } })), host)
        .to.throw(AppError)
        .with.property('code', 'HEADERS_INVALID');
    }
    expect(() => clientOf(request({ headers: { 'x-forwarded-proto': 'gopher' } }))).to.throw(AppError);
  });

  it('cannot be set up with a proxy that is no address', () => {
    expect(() => createClientOf(['proxy.example']))
      .to.throw(AppError)
      .with.property('code', 'CONFIG_INVALID');
    expect(() => createClientOf(['10.0.0.0/99']))
      .to.throw(AppError)
      .with.property('code', 'CONFIG_INVALID');
  });
});

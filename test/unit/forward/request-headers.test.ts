import { expect } from 'chai';
import { requestHeaders, STRIPPED_NAMES, STRIPPED_PREFIXES } from '../../../src/forward/request-headers.ts';
import { CLIENT } from '../../support/forward-servers.ts';

const TCP = { origin: 'http://127.0.0.1:8888', token: 'secret' };
const UNIX = { origin: 'http://localhost', socketPath: '/run/jupyter.sock' };

describe('the headers of an upstream request', () => {
  it('keep what describes the request', () => {
    const headers = requestHeaders(
      { accept: 'a/b', 'content-type': 'c/d', range: 'bytes=0-1' },
      { address: TCP },
    );
    expect(headers).to.include({ accept: 'a/b', 'content-type': 'c/d', range: 'bytes=0-1' });
  });

  it('lose each header of the one list, and everything that begins as the other says', () => {
    const names = [
      ...STRIPPED_NAMES.map(([name]) => name),
      ...STRIPPED_PREFIXES.flatMap(([prefix]) => [prefix, `${prefix}user`, `${prefix}-user`]),
    ];
    for (const name of names) {
      const headers = requestHeaders({ [name]: 'forged' }, { address: TCP });
      expect(Object.values(headers), name).not.to.include('forged');
    }
  });

  it('are not lost for beginning like a name', () => {
    for (const [name] of STRIPPED_NAMES) {
      const headers = requestHeaders({ [`${name}s`]: 'kept' }, { address: TCP });
      expect(Object.values(headers), name).to.include('kept');
    }
  });

  it('lose every spelling of another method or another target', () => {
    const names = ['x-http-method', 'x-http-method-override', 'x-method-override', 'x-original-url'];
    for (const name of [...names, 'x-rewrite-url']) {
      const headers = requestHeaders({ [name]: 'DELETE' }, { address: TCP });
      expect(Object.values(headers), name).not.to.include('DELETE');
    }
  });

  it('lose the same headers written with underscores', () => {
    const headers = requestHeaders({ x_forwarded_user: 'root', remote_user: 'root' }, { address: TCP });
    expect(Object.values(headers)).not.to.include('root');
  });

  it('lose what belongs to the connection, and what Connection names', () => {
    const sent = {
      connection: 'keep-alive, X-Secret',
      'x-secret': '1',
      'keep-alive': '1',
      te: 'trailers',
      trailer: 'x',
      upgrade: 'h2c',
      'http2-settings': 'AAA',
      expect: '100-continue',
      'transfer-encoding': 'chunked',
    };
    expect(requestHeaders(sent, { address: TCP })).to.have.all.keys('host', 'authorization');
  });

  it('carry the token and the name of upstream', () => {
    expect(
      requestHeaders({ authorization: 'token mine', host: 'lab.example' }, { address: TCP }),
    ).to.deep.equal({
      host: '127.0.0.1:8888',
      authorization: 'token secret',
    });
  });

  it('carry a fabricated pair and a Referer of its own on a socket without a token', () => {
    expect(
      requestHeaders({ cookie: '_xsrf=theirs', referer: 'https://evil.example/' }, { address: UNIX }),
    ).to.deep.equal({
      host: 'localhost',
      cookie: '_xsrf=gate',
      'x-xsrftoken': 'gate',
      referer: 'http://localhost/',
    });
  });

  it('say who asks, whatever the client says', () => {
    const forged = { 'x-forwarded-for': '10.0.0.1', 'x-forwarded-user': 'root', 'x-forwarded-proto': 'http' };
    expect(requestHeaders(forged, { address: TCP, client: CLIENT, subject: 'ada' })).to.include({
      'x-forwarded-for': '192.0.2.7',
      'x-forwarded-proto': 'https',
      'x-forwarded-host': 'lab.example',
      'x-forwarded-user': 'ada',
    });
  });

  it('ask for the whole, unencoded reply when it will be rewritten', () => {
    const sent = {
      'if-none-match': '"1"',
      range: 'bytes=0-1',
      'accept-encoding': 'gzip',
      'if-modified-since': 'x',
    };
    expect(requestHeaders(sent, { address: TCP, willRewrite: true })).to.deep.equal({
      'accept-encoding': 'identity',
      host: '127.0.0.1:8888',
      authorization: 'token secret',
    });
  });
});

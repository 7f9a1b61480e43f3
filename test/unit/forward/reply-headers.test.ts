import { expect } from 'chai';
import { replyHeaders, STRIPPED_FROM_REPLIES } from '../../../src/forward/reply-headers.ts';

const CONTEXT = { origins: ['http://127.0.0.1:8888', 'https://lab.example'], target: '/lab/tree/a' };

function location(value: string): unknown {
  return replyHeaders({ location: value }, CONTEXT)['location'];
}

describe('the headers of a reply', () => {
  it('keep what describes the body, and the content security policy', () => {
    const kept = {
      'content-type': 'text/html',
      etag: '"1"',
      'content-security-policy': 'sandbox',
      'content-length': '3',
    };
    expect(replyHeaders(kept, CONTEXT)).to.deep.equal(kept);
  });

  it('lose each header of the list', () => {
    for (const [name] of STRIPPED_FROM_REPLIES) {
      const sent = name.endsWith('-') ? `${name}x` : name;
      expect(replyHeaders({ [sent]: 'x' }, CONTEXT), sent).to.deep.equal({});
    }
  });

  it('lose what belongs to the connection, and the length when there are chunks', () => {
    const sent = {
      connection: 'close, x-y',
      'x-y': '1',
      'keep-alive': '1',
      'transfer-encoding': 'chunked',
      'content-length': '9',
    };
    expect(replyHeaders(sent, CONTEXT)).to.deep.equal({});
  });

  it('lose a value that could not be sent on', () => {
    expect(replyHeaders({ 'x-name': 'a\u0001b' }, CONTEXT)).to.deep.equal({});
  });

  it('keep a redirect within the server as an origin-relative one', () => {
    expect(location('/tree?a=1#b')).to.equal('/tree?a=1#b');
    expect(location('b')).to.equal('/lab/tree/b');
    expect(location('http://127.0.0.1:8888/lab')).to.equal('/lab');
    expect(location('https://lab.example/lab')).to.equal('/lab');
  });

  it('drop a redirect to anywhere else', () => {
    for (const elsewhere of [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example/',
      'http://127.0.0.1:8888//evil.example/',
      'http://127.0.0.1:9999/',
      'javascript:alert(1)',
      'http://',
    ]) {
      expect(location(elsewhere), elsewhere).to.equal(undefined);
    }
  });

  it('take a token out of a redirect', () => {
    expect(location('/tree?token=secret&x=1')).to.equal('/tree?x=1');
  });
});

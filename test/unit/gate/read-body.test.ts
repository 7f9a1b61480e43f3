import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { asAppError } from '../../../src/core/errors.ts';
import { hasBody, readBody } from '../../../src/gate/read-body.ts';
import { Bench, eventually } from '../../support/forward-servers.ts';

const LIMIT = 1000;

describe('reading a body', () => {
  let bench: Bench;
  let origin: string;
  let failures: string[];

  beforeEach(async () => {
    bench = new Bench();
    failures = [];
    ({ origin } = await bench.http((request, response) => {
      const patience = request.url === '/hasty' ? 200 : undefined;
      readBody(request, LIMIT, patience).then(
        (body) => response.end(`${body.length} ${hasBody(request)}`),
        (thrown: unknown) => {
          const { code, status, detail } = asAppError(thrown);
          failures.push(code);
          response.writeHead(status, { connection: 'close' }).end(`${code} ${detail}`);
        },
      );
    }));
  });
  afterEach(() => bench.close());

  function post(headers: Record<string, string>, path = '/'): ClientRequest {
    const sent = httpRequest(origin + path, { method: 'POST', agent: false, headers });
    sent.on('error', () => undefined);
    return sent;
  }

  async function answerTo(sent: ClientRequest): Promise<string> {
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return `${response.statusCode} ${String(await response.toArray())}`;
  }

  it('does not wait for one that comes byte by byte', async () => {
    const sent = post({ 'content-length': '500' }, '/hasty');
    const dripping = setInterval(() => sent.write('x'), 20);
    try {
      expect(await answerTo(sent)).to.equal('400 BODY_INVALID expected the whole body within 0.2 s');
    } finally {
      clearInterval(dripping);
    }
  });

  it('gives all of it up to the limit, announced or in chunks', async () => {
    for (const headers of [{ 'content-length': String(LIMIT) }, { 'transfer-encoding': 'chunked' }]) {
      const sent = post(headers);
      sent.write('x'.repeat(LIMIT - 1));
      sent.end('y');
      expect(await answerTo(sent)).to.equal(`200 ${LIMIT} true`);
    }
    const empty = post({ 'content-length': '0' });
    empty.end();
    expect(await answerTo(empty)).to.equal('200 0 false');
  });

  it('refuses one that is announced too large before it comes', async () => {
    const sent = post({ 'content-length': String(LIMIT + 1) });
    sent.flushHeaders();
    expect(await answerTo(sent)).to.equal(`413 BODY_TOO_LARGE expected at most ${LIMIT} bytes`);
    sent.destroy();
  });

  it('refuses one that grows too large, and the refusal reaches a client that is still sending', async () => {
    const sent = post({ 'transfer-encoding': 'chunked' });
    const answer = answerTo(sent);
    for (let chunk = 0; chunk < 50; chunk += 1) sent.write('x'.repeat(100));
    expect(await answer).to.equal(`413 BODY_TOO_LARGE expected at most ${LIMIT} bytes`);
    sent.destroy();
  });

  it('is a bad request when the client breaks off', async () => {
    const sent = post({ 'content-length': '500' });
    sent.write('x', () => sent.destroy());
    await eventually(() => void expect(failures).to.deep.equal(['BODY_INVALID']));
  });
});

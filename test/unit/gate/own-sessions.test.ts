import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect } from 'chai';
import type { Classified } from '../../../src/core/classified.ts';
import type { ObjectRecord, ObjectRegistry } from '../../../src/core/objects.ts';
import { createForwarder } from '../../../src/forward/create-forwarder.ts';
import { createOwnSessions } from '../../../src/gate/own-sessions.ts';
import type { OwnSessions } from '../../../src/gate/own-sessions.ts';
import type { Asker } from '../../../src/present/presenter.ts';
import { Bench, OPTIONS } from '../../support/forward-servers.ts';
import { codeOf } from '../../support/managed-gate.ts';

const ADA = { identity: { subject: 'ada' } } as Asker;
const ASKED = { path: 'pub/a.ipynb', type: 'notebook', name: 'a.ipynb', kernel: { name: 'python3' } };

describe('opening a session of one’s own', () => {
  let bench: Bench;
  let sessions: OwnSessions;
  let owned: Partial<ObjectRecord>[];
  /** Requests upstream saw, and what it says to each. */
  let seen: { readonly line: string; readonly body: Record<string, unknown> | undefined }[];
  let answers: Record<string, readonly [status: number, body?: unknown]>;

  beforeEach(async () => {
    bench = new Bench();
    [seen, owned, answers] = [[], [], {}];
    const { origin } = await bench.http((request, response) => void answer(request, response));
    const forwarder = createForwarder({ origin }, OPTIONS);
    bench.after(() => forwarder.close());
    const registry = {
      ownedBy: (owner: string) => (owner === 'ada' ? owned : []),
    } as unknown as ObjectRegistry;
    sessions = createOwnSessions({ forwarder, registry });
  });
  afterEach(() => bench.close());

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = String(Buffer.concat((await request.toArray()) as Buffer[]));
    const body = text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>);
    const line = `${request.method} ${request.url}`;
    seen.push({ line, body });
    const [status, said = { id: 's-1', ...body }] = answers[line] ?? [404, { message: 'none' }];
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(status === 204 ? undefined : JSON.stringify(said));
  }

  async function open(input: object = ASKED): Promise<{ status: number; body: Record<string, unknown> }> {
    const params = { notebook: '/pub/a.ipynb' };
    const classified = { target: '/api/sessions', input, params } as unknown as Classified;
    const { status, body } = await sessions.open(classified, ADA);
    return { status, body: JSON.parse(body.toString()) };
  }

  it('opens it under a path nobody has, and gives it its name then', async () => {
    answers = { 'POST /api/sessions': [201], 'PATCH /api/sessions/s-1': [200] };
    const { status, body } = await open();
    expect([status, body['path']]).to.deep.equal([201, 'pub/a.ipynb']);
    expect(seen.map(({ line }) => line)).to.deep.equal(['POST /api/sessions', 'PATCH /api/sessions/s-1']);
    expect(seen[0]?.body).to.deep.include({ type: 'notebook', kernel: { name: 'python3' } });
    expect(seen[0]?.body?.['path']).to.match(/^pub\/[0-9a-f-]{36}$/);
    expect(seen[1]?.body).to.deep.equal({ path: 'pub/a.ipynb' });
  });

  it('finds the asker’s own session of the same notebook again', async () => {
    owned = [
      { id: 'other', path: '/pub/b.ipynb' as never },
      { id: 's-9', path: '/pub/a.ipynb' as never },
    ];
    answers = { 'GET /api/sessions/s-9': [200, { id: 's-9', path: 'pub/a.ipynb' }] };
    expect(await open()).to.deep.equal({ status: 201, body: { id: 's-9', path: 'pub/a.ipynb' } });
    expect(seen).to.have.length(1);
  });

  it('opens a new one when the recorded one is gone or has another path by now', async () => {
    owned = [
      { id: 's-8', path: '/pub/a.ipynb' as never },
      { id: 's-9', path: '/pub/a.ipynb' as never },
    ];
    answers = {
      'GET /api/sessions/s-9': [200, { id: 's-9', path: 'moved.ipynb' }],
      'POST /api/sessions': [201],
      'PATCH /api/sessions/s-1': [200],
    };
    expect((await open()).body['id']).to.equal('s-1');
  });

  it('attaches to a kernel that is named, without looking for an earlier session', async () => {
    owned = [{ id: 's-9', path: '/pub/a.ipynb' as never }];
    answers = { 'POST /api/sessions': [201], 'PATCH /api/sessions/s-1': [200] };
    await open({ ...ASKED, kernel: { id: 'k-1' } });
    expect(seen[0]?.body).to.deep.include({ kernel: { id: 'k-1' } });
  });

  it('passes on what upstream refuses', async () => {
    answers = { 'POST /api/sessions': [501, { message: 'no such kernel' }] };
    expect(await open()).to.deep.equal({ status: 501, body: { message: 'no such kernel' } });
    expect(seen).to.have.length(1);
  });

  it('ends the session again when it cannot be named', async () => {
    answers = {
      'POST /api/sessions': [201],
      'PATCH /api/sessions/s-1': [500, {}],
      'DELETE /api/sessions/s-1': [204],
    };
    expect(await codeOf(open())).to.equal('UPSTREAM_FAILED');
    expect(seen.at(-1)?.line).to.equal('DELETE /api/sessions/s-1');
  });

  it('trusts no id that could be another address', async () => {
    for (const id of ['../kernels/k', 'a/b', '', 7, undefined]) {
      seen = [];
      answers = { 'POST /api/sessions': [201, { id }] };
      expect(await codeOf(open()), String(id)).to.equal('UPSTREAM_FAILED');
      expect(seen).to.have.length(1);
    }
  });
});

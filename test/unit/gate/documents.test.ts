import { expect } from 'chai';
import { createDocuments } from '../../../src/gate/documents.ts';

const ROOM = { kind: 'room', id: 'json:notebook:id-1' } as const;

describe('the file behind a room', () => {
  let now: number;
  let asked: string[];
  let answer: () => { status: number; body: unknown };
  beforeEach(() => {
    now = 1_000_000;
    asked = [];
    answer = () => ({ status: 200, body: { id: 'id-1', path: 'pub/a.ipynb' } });
  });
  const open = () =>
    createDocuments({
      baseUrl: '/base/',
      clock: { now: () => now },
      forwarder: {
        ask: async (method, target) => {
          asked.push(`${method} ${target}`);
          return answer();
        },
      },
    });

  it('is the one the Jupyter Server has under its id', async () => {
    const documents = open();
    expect(await documents.pathOf(ROOM)).to.equal('/pub/a.ipynb');
    expect(await documents.pathOf({ kind: 'file', id: 'id-1' })).to.equal('/pub/a.ipynb');
    expect(asked).to.deep.equal(['GET /base/api/fileid/path?id=id-1']);
  });

  it('follows a rename within a second', async () => {
    const documents = open();
    await documents.pathOf(ROOM);
    answer = () => ({ status: 200, body: { path: 'private/a.ipynb' } });
    now += 999;
    expect(await documents.pathOf(ROOM)).to.equal('/pub/a.ipynb');
    now += 1;
    expect(await documents.pathOf(ROOM)).to.equal('/private/a.ipynb');
    answer = () => ({ status: 404, body: undefined });
    now += 1000;
    expect(await documents.pathOf(ROOM)).to.equal(undefined);
  });

  it('is not known for what is no room, nor for an answer that is no path', async () => {
    const documents = open();
    for (const id of [
      '',
      'id-1',
      'json:id-1',
      'json:notebook:',
      'a:b:c:d',
      'JupyterLab:globalAwareness',
      'a b:c:d',
    ])
      expect(await documents.pathOf({ kind: 'room', id }), id).to.equal(undefined);
    expect(await documents.pathOf({ kind: 'file', id: '' })).to.equal(undefined);
    expect(asked).to.deep.equal([]);
    const bodies = [null, {}, { path: '' }, { path: null }, { path: 'pub/../a' }, { path: 'a\\b' }, []];
    for (const [at, body] of bodies.entries()) {
      answer = () => ({ status: 200, body });
      expect(await documents.pathOf({ kind: 'file', id: `id-${at + 10}` }), JSON.stringify(body)).to.equal(
        undefined,
      );
    }
  });

  it('is asked for again after a failure', async () => {
    const documents = open();
    answer = () => {
      throw new Error('gone');
    };
    const failed = await documents.pathOf(ROOM).catch((error: Error) => error.message);
    expect(failed).to.equal('gone');
    answer = () => ({ status: 200, body: { path: 'pub/a.ipynb' } });
    expect(await documents.pathOf(ROOM)).to.equal('/pub/a.ipynb');
  });

  it('is, for a fork, that of the document it was made from', async () => {
    const documents = open();
    const fork = { kind: 'room', id: 'f0f0' } as const;
    expect(await documents.pathOf(fork)).to.equal(undefined);
    documents.learnFork('f0f0', ROOM.id);
    expect(await documents.pathOf(fork)).to.equal('/pub/a.ipynb');
  });
});

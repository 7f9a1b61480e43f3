import { expect } from 'chai';
import { checkReading, checkRow } from '../../../src/classify/check-row.ts';
import type { Ask, RouteRow } from '../../../src/classify/route.ts';

const read = { res: 'contents', act: 'read', path: 'path' } as const;
const ROW: RouteRow = {
  id: 'row',
  methods: ['POST'],
  pattern: '/api/x{path:path}',
  asks: [read],
  body: () => ({ body: {} }),
  bodyParts: ['source'],
};

describe('a row of the route table', () => {
  const asking = (...more: Ask[]) => ({ ...ROW, asks: [read, ...more] }) as const;
  const problem = (row: RouteRow): string => {
    try {
      checkRow(row);
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('may be as it is when every name is that of a part', () => {
    expect(problem(ROW)).to.equal('');
    expect(problem(asking({ ...read, path: 'source', when: 'source' }))).to.equal('');
  });

  it('names no part that it does not have: the question would be left out', () => {
    for (const row of [
      asking({ ...read, path: 'source', when: 'suorce' }),
      asking({ ...read, path: 'suorce' }),
      asking({ res: 'kernels', act: 'read', object: ['kernel', 'kernel'] }),
      { ...asking({ ...read, path: 'source' }), bodyParts: [] },
    ])
      expect(problem(row)).to.match(/is none of its parts$/);
    const document: RouteRow = { ...ROW, asks: [{ res: 'contents', act: 'read', document: true }] };
    expect(problem({ ...document, document: ['room', 'room'] })).to.match(/is none of its parts$/);
    expect(
      problem({ ...ROW, pattern: '/api/x', subtree: 'delete', asks: [{ res: 'api', act: 'read' }] }),
    ).to.match(/is none of its parts$/);
  });

  it('always asks its first question', () => {
    expect(problem({ ...ROW, asks: [{ ...read, when: 'source' }] })).to.match(/always asked/);
  });

  it('has no flags that contradict each other', () => {
    const write = { ...read, act: 'write' } as const;
    for (const ask of [
      { ...read, object: ['kernel', 'path'] },
      { ...write, arrives: true, leads: true },
      { ...read, arrives: true },
      { ...write, leads: true },
      { ...read, leads: true, creates: true },
      { res: 'contents', act: 'read', leads: true },
      { ...read, document: true },
    ] satisfies Ask[])
      expect(problem(asking(ask)), JSON.stringify(ask)).not.to.equal('');
    expect(problem({ ...ROW, streamedObject: true })).to.match(/only a stream/);
    expect(problem({ ...ROW, transport: 'websocket' })).to.match(/for sockets/);
    expect(problem({ ...ROW, body: 'stream' })).to.match(/no body is read/);
  });

  it('takes from a body only the parts it declares', () => {
    expect(() => checkReading(ROW, { body: {}, params: { source: 'a' } })).not.to.throw();
    expect(() => checkReading(ROW, { body: {}, params: { suorce: 'a' } })).to.throw(/none of its parts/);
  });
});

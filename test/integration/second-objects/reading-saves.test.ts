/** Reading changes nothing: not even what somebody else is saving at that moment. */
import { readdir } from 'node:fs/promises';
import { request } from 'node:http';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';

/** Large enough for Jupyter to take a while over it. */
const CELLS = 400;
const SAVES = 8;
const READERS = 3;
const PATH = 'pub/large.ipynb';

describe('saving while others read', function () {
  this.timeout(180_000);
  let gate: RunningGate;
  let reader: string;
  let writer: string;

  before(async () => {
    gate = await startGate();
    reader = await gate.person('rita', 'viewer');
    writer = await gate.person('walt', 'editor');
    await gate.writeNotebook(PATH, 'first');
  });
  after(() => gate?.stop());

  function notebook(source: string): object {
    const cell = { cell_type: 'code', execution_count: null, metadata: {}, outputs: [], source };
    const cells = Array.from({ length: CELLS }, (_, index) => ({ ...cell, id: `c${index}` }));
    return { cells, metadata: {}, nbformat: 4, nbformat_minor: 5 };
  }

  async function save(source: string): Promise<number> {
    const body = { type: 'notebook', format: 'json', content: notebook(source) };
    return (await gate.as(writer, 'PUT', `/api/contents/${PATH}`, body)).status;
  }

  async function firstCell(): Promise<string> {
    const { content } = (await (await gate.as(writer, 'GET', `/api/contents/${PATH}`)).json()) as {
      content?: { cells: { source: string }[] };
    };
    return content?.cells[0]?.source ?? '';
  }

  /** Asks and goes away before there is an answer, as somebody would who wants to be at the file all the time. */
  function lookAndLeave(): Promise<void> {
    return new Promise((resolve) => {
      const headers = { authorization: `token ${reader}` };
      const asked = request(`${gate.url}/api/contents/${PATH}`, { headers }, () => asked.destroy());
      asked.on('error', () => undefined).on('close', resolve);
      asked.end();
      setTimeout(() => asked.destroy(), 40);
    });
  }

  async function readAll(path: string): Promise<void> {
    const answer = await gate.as(reader, 'GET', path);
    const { byteLength } = await answer.arrayBuffer();
    expect([answer.status, byteLength > CELLS], 'a look that saw nothing would prove nothing').to.deep.equal([
      200,
      true,
    ]);
  }

  /** Saves while others look, and expects each save to be what is there then. */
  async function saveWhile(look: () => Promise<void>): Promise<void> {
    const saving = new AbortController();
    const reading = Array.from({ length: READERS }, async () => {
      while (!saving.signal.aborted) await look();
    });
    const seen: unknown[] = [];
    try {
      for (let count = 1; count <= SAVES; count += 1) {
        const status = await save(`${count}`);
        seen.push([status, await firstCell()]);
      }
    } finally {
      saving.abort();
      await Promise.all(reading);
    }
    expect(seen).to.deep.equal(Array.from({ length: SAVES }, (_, index) => [200, `${index + 1}`]));
    const names = await readdir(dirname(join(gate.notebooks, PATH)));
    expect(names.filter((name) => name.endsWith('.invalid'))).to.deep.equal([]);
  }

  it('keeps what was saved when somebody reads the file', () =>
    saveWhile(() => readAll(`/api/contents/${PATH}`)));

  it('keeps what was saved when somebody reads the file, and does not wait for it', () =>
    saveWhile(lookAndLeave));

  it('keeps what was saved when somebody reads an export', () =>
    saveWhile(() => readAll(`/nbconvert/markdown/${PATH}`)));
});

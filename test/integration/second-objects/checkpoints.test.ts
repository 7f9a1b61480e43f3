/** Asking for checkpoints where there is no file, on a real server, which would make directories for the answer. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';

describe('checkpoints of what is not there', function () {
  this.timeout(120_000);
  let gate: RunningGate;
  let editor: string;

  before(async () => {
    gate = await startGate();
    editor = await gate.person('edda', 'editor');
    await mkdir(join(gate.notebooks, 'pub'), { recursive: true });
  });
  after(() => gate?.stop());

  const statusOf = async (method: string, path: string): Promise<number> =>
    (await gate.as(editor, method, `/api/contents/${path}`)).status;

  it('are not there either, in the words of Jupyter, and nothing is made', async () => {
    for (const file of ['pub/none.txt', 'pub/no/way/none.ipynb', 'pub/.hidden']) {
      const listed = await gate.as(editor, 'GET', `/api/contents/${file}/checkpoints`);
      const { message } = (await listed.json()) as { message: string };
      expect([listed.status, message]).to.deep.equal([404, `file or directory does not exist: '${file}'`]);
      expect(await statusOf('POST', `${file}/checkpoints`)).to.equal(404);
      expect(await statusOf('DELETE', `${file}/checkpoints/checkpoint`)).to.equal(404);
    }
    expect(await readdir(join(gate.notebooks, 'pub'))).to.deep.equal([]);
  });

  it('are listed, made and removed where there is a file', async () => {
    await writeFile(join(gate.notebooks, 'pub', 'a.txt'), 'text');
    expect(await statusOf('GET', 'pub/a.txt/checkpoints')).to.equal(200);
    expect(await statusOf('POST', 'pub/a.txt/checkpoints')).to.equal(201);
    expect(await statusOf('DELETE', 'pub/a.txt/checkpoints/checkpoint')).to.equal(204);
  });
});

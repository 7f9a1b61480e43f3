import { expect } from 'chai';
import type { CanonicalPath } from '../../../src/core/canonical-path.ts';
import type { Classified } from '../../../src/core/classified.ts';
import type { FileWrite } from '../../../src/core/file-writers.ts';
import { createWriteNotes } from '../../../src/gate/note-writes.ts';
import { classify } from '../../support/classify.ts';

describe('a request that writes a file', () => {
  const notedFor = async (classified: Classified): Promise<readonly FileWrite[]> => {
    const noted: FileWrite[] = [];
    const notes = createWriteNotes({
      begin(write) {
        noted.push(write);
        return Promise.resolve({ end: () => Promise.resolve() });
      },
    });
    const reply = { reply: { status: 200 }, buffered: undefined };
    await notes.around(classified, 'ada', () => Promise.resolve(reply));
    return noted;
  };

  it('brings in the work of others when it merges a fork or restores an older version', async () => {
    const path = '/pub/a.ipynb' as CanonicalPath;
    const undo = (action: string) =>
      `PUT /api/collaboration/undo_redo/json:notebook:1?action=${action}&steps=1&forkRoom=4f1c`;
    for (const asked of ['DELETE /api/collaboration/fork/4f1c?merge=true', undo('restore')])
      expect(await notedFor({ ...classify(asked), path })).to.deep.equal([
        { kind: 'merge', subject: 'ada', path },
      ]);
    for (const asked of ['DELETE /api/collaboration/fork/4f1c?merge=false', undo('undo')])
      expect(await notedFor({ ...classify(asked), path })).to.deep.equal([]);
  });

  it('is not one that only looks', async () => {
    expect(await notedFor(classify('GET /api/contents/pub/a.ipynb'))).to.deep.equal([]);
  });
});

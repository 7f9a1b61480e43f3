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

  it('counts as an edit when it ends a fork, which may be merged into its document', async () => {
    const asked = classify('DELETE /api/collaboration/fork/4f1c?merge=true');
    const path = '/pub/a.ipynb' as CanonicalPath;
    expect(await notedFor({ ...asked, path })).to.deep.equal([{ kind: 'edit', subject: 'ada', path }]);
  });

  it('is not one that only looks', async () => {
    expect(await notedFor(classify('GET /api/contents/pub/a.ipynb'))).to.deep.equal([]);
  });
});

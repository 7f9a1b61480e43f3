import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { describeRoutes, renderRoutes } from '../../../src/classify/describe-routes.ts';
import { ROUTES } from '../../../src/classify/routes/table.ts';

describe('docs/routes.md', () => {
  it('is what the route table says', async () => {
    const written = await readFile(new URL('../../../docs/routes.md', import.meta.url), 'utf8');
    expect(written).to.equal(renderRoutes(describeRoutes()));
  });

  it('says for every row what is asked', () => {
    expect(describeRoutes()).to.have.length(ROUTES.length);
    expect(describeRoutes().find(({ id }) => id === 'contents.rename')).to.deep.equal({
      id: 'contents.rename',
      methods: ['PATCH'],
      pattern: '/api/contents{path:contents}',
      resource: 'contents',
      action: 'write',
      questions: ['write contents of `path`', 'write contents of `destination`', 'read contents of `path`'],
    });
  });
});

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/core/package-root.ts';

const SKIPPED = new Set(['node_modules', 'dist', 'coverage', 'notebooks']);
const LINK = /!?\[(?:[^[\]]|\[[^\]]*\])*\]\(([^()\s]+)\)/g;

describe('the links of the documentation', () => {
  const root = packageRoot();

  it('lead to files and headings that exist', () => {
    const pages = pagesBelow(root);
    expect(pages.map((page) => relative(root, page))).to.include.members(['README.md', 'docs/threats.md']);
    expect(
      pages.flatMap((page) => broken(page).map((link) => `${relative(root, page)}: ${link}`)),
    ).to.deep.equal([]);
  });

  it('are told apart from broken ones', () => {
    expect(resolves(join(root, 'docs', 'request.md'), 'errors.md#who-asked')).to.equal(true);
    expect(resolves(join(root, 'docs', 'request.md'), 'errors.md#who-knows')).to.equal(false);
    expect(resolves(join(root, 'docs', 'request.md'), 'none.md')).to.equal(false);
    expect(resolves(join(root, 'README.md'), 'https://jupyter.org')).to.equal(true);
  });
});

function pagesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory())
      return SKIPPED.has(entry.name) || entry.name.startsWith('.') ? [] : pagesBelow(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

function broken(page: string): string[] {
  const text = withoutCode(readFileSync(page, 'utf8'));
  return [...text.matchAll(LINK)].map(([, link = '']) => link).filter((link) => !resolves(page, link));
}

function resolves(page: string, link: string): boolean {
  if (/^[a-z]+:/.test(link)) return true;
  const [path = '', heading] = link.split('#');
  const target = path === '' ? page : join(dirname(page), decodeURIComponent(path));
  if (!existsSync(target)) return false;
  return heading === undefined || headings(target).includes(heading);
}

/** As GitHub makes them. */
function headings(page: string): string[] {
  return [...readFileSync(page, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '');
}

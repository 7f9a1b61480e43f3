import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/core/package-root.ts';

interface Proof {
  readonly threat: string;
  readonly file: string;
  readonly title: string;
}

const PROOF = /^- \[(test\/[^\]]+)\]\(\.\.\/\1\): "(.+)"$/;

describe('docs/threats.md', () => {
  const page = readFileSync(join(packageRoot(), 'docs', 'threats.md'), 'utf8');
  const { threats, proofs } = read(page);

  it('names a test for each threat', () => {
    const proven = new Set(proofs.map(({ threat }) => threat));
    expect(threats.filter((threat) => !proven.has(threat))).to.deep.equal([]);
    expect(new Set(threats).size).to.equal(threats.length).and.to.be.above(30);
  });

  it('names tests that exist', () => {
    expect(proofs.map(problem).filter((found) => found !== undefined)).to.deep.equal([]);
  });

  it('writes every line that names a test in the form that is checked', () => {
    const lines = page
      .split('\n')
      .filter((line) => line.includes('.test.ts') || line.includes('test/support'));
    expect(lines.filter((line) => !PROOF.test(line))).to.deep.equal([]);
    expect(lines).to.have.length(proofs.length);
  });

  it('says what is not defended', () => {
    expect(page).to.match(/^## What is not defended$/m);
  });

  it('is told apart from a page that names what is not there', () => {
    const file = 'test/unit/docs/threats.test.ts';
    expect(problem({ threat: '', file: 'test/none.test.ts', title: 'a' })).to.match(/no such file/);
    expect(problem({ threat: '', file, title: ['not', 'a', 'title'].join(' ') })).to.match(/no test/);
    expect(problem({ threat: '', file, title: 'names tests that exist' })).to.equal(undefined);
  });
});

/** Threats are the headings of the third level, proofs the list items under them. */
function read(page: string): { threats: readonly string[]; proofs: readonly Proof[] } {
  const threats: string[] = [];
  const proofs: Proof[] = [];
  for (const line of page.split('\n')) {
    const threat = /^### (.+)$/.exec(line)?.[1];
    if (threat !== undefined) threats.push(threat);
    const [, file, title] = PROOF.exec(line) ?? [];
    if (file !== undefined && title !== undefined) proofs.push({ threat: threats.at(-1) ?? '', file, title });
  }
  return { threats, proofs };
}

/** The title must stand in the file as a whole string, not merely somewhere in it. */
function problem({ file, title }: Proof): string | undefined {
  const path = join(packageRoot(), file);
  if (!existsSync(path)) return `${file}: no such file`;
  const source = readFileSync(path, 'utf8');
  const found = ["'", '"', '`'].some((quote) => source.includes(quote + title + quote));
  return found ? undefined : `${file}: no test "${title}"`;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../../src/core/package-root.ts';

function read(...path: string[]): string {
  return readFileSync(join(packageRoot(), ...path), 'utf8');
}

/** Names of the members of an interface. */
function membersOf(source: string, name: string): string[] {
  const body = new RegExp(`interface ${name}[^{]*\\{\\n([\\s\\S]*?)\\n\\}`).exec(source)?.[1] ?? '';
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??[:(]/gm)].map((match) => match[1]!);
}

/** First column of the table below a heading, without what stands in parentheses. */
function rowsBelow(page: string, heading: string): string[] {
  const section = page.split(`## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| `(\w+)[^`]*` /gm)].map((match) => match[1]!);
}

describe('docs/library.md', () => {
  const page = read('docs', 'library.md');
  const library = read('src', 'app', 'create-gate.ts');

  it('names every option there is, and no other', () => {
    const options = [
      ...membersOf(read('src', 'config', 'given-config.ts'), 'GivenOptions'),
      ...membersOf(library, 'CreateGateOptions'),
    ];
    expect(options.length).to.be.greaterThan(20);
    expect(rowsBelow(page, 'Options')).to.have.members(options);
  });

  it('names every member of a gate', () => {
    expect(rowsBelow(page, 'What it gives')).to.have.members(membersOf(library, 'MountedGate'));
  });
});

import { execFile } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { packageRoot } from '../../../src/core/package-root.ts';

const root = packageRoot();
const page = readFileSync(join(root, 'docs', 'engine.md'), 'utf8');

function block(language: string): string {
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
}

describe('docs/engine.md', () => {
  it('has an example that says what it says', async () => {
    const file = join(root, `.example-${process.pid}.mts`);
    writeFileSync(file, block('ts'));
    try {
      const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', file], {
        cwd: root,
      });
      expect(stdout).to.equal(block('text'));
      expect(stdout).not.to.equal('');
    } finally {
      rmSync(file);
    }
  });
});

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { errorPage } from '../../../scripts/write-error-docs.ts';
import { ERRORS } from '../../../src/core/error-table/error-table.ts';
import { packageRoot } from '../../../src/core/package-root.ts';

const ROW = /^\| `([A-Z0-9_]+)` \| (\d{3}) \| (.+) \| (.+) \|$/gm;

describe('docs/errors.md', () => {
  it('is what the error table says; otherwise `npx tsx scripts/write-error-docs.ts` writes it', () => {
    expect(readFileSync(join(packageRoot(), 'docs', 'errors.md'), 'utf8')).to.equal(errorPage());
  });

  it('has one row for each code, with its status, its message and its hint', () => {
    const rows = [...errorPage().matchAll(ROW)].map(([, code, status, message, hint]) => [
      code,
      { status: Number(status), message, hint },
    ]);
    expect(rows).to.have.length(Object.keys(ERRORS).length);
    expect(Object.fromEntries(rows)).to.deep.equal(ERRORS);
  });

  it('knows no message that begins with a capital or ends with a stop', () => {
    for (const { message, hint } of Object.values(ERRORS)) {
      expect(message).to.match(/^[^A-Z].*[^.]$/);
      expect(hint).to.match(/[^.]$/);
    }
  });
});

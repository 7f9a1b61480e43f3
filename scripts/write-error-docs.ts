/** Writes docs/errors.md from the error table: `npx tsx scripts/write-error-docs.ts`. A test holds the two equal. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ERROR_SECTIONS } from '../src/core/error-table/error-table.ts';
import type { ErrorRow } from '../src/core/error-table/error-row.ts';
import { packageRoot } from '../src/core/package-root.ts';

const INTRODUCTION = [
  '# Errors',
  '',
  'Everything the gate refuses or fails at has one of these codes. They do not change from one version to the next; the',
  'sentences may.',
  '',
  '- On the proxy listener, programs get JSON (`message`, `reason`, `code`) and people get a page.',
  '- On the admin listener, the answer is `application/problem+json` (RFC 9457) with `code`, and `errors` with one entry',
  '  for each field that is wrong.',
  '- The command line prints the message, each problem on a line of its own, and the hint.',
  '- The decision log and the metrics name the code too.',
  '',
  'The sentence may be followed by a detail: what was expected and what was received. A cause is only ever logged.',
  'With `--denied-status 401` the `DENIED_…` codes answer 401 instead of 403, except on checkpoints.',
  '',
  'This page is made from the table in `src/core/error-table/` by `npx tsx scripts/write-error-docs.ts`.',
];

/** The page as docs/errors.md must be. */
export function errorPage(): string {
  const sections = Object.entries(ERROR_SECTIONS).flatMap(([title, rows]) => ['', ...section(title, rows)]);
  return [...INTRODUCTION, ...sections, ''].join('\n');
}

function section(title: string, rows: Readonly<Record<string, ErrorRow>>): readonly string[] {
  const lines = Object.entries(rows).map(
    ([code, { status, message, hint }]) => `| \`${code}\` | ${status} | ${cell(message)} | ${cell(hint)} |`,
  );
  const head = ['| code | status | message | what to do |', '| --- | --- | --- | --- |'];
  return [`## ${title}`, '', '<!-- prettier-ignore -->', ...head, ...lines];
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(join(packageRoot(), 'docs', 'errors.md'), errorPage());
}

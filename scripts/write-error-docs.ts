/** Writes docs/errors.md from the error table: `npx tsx scripts/write-error-docs.ts`. A test holds the two equal. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ERRORS } from '../src/core/errors.ts';
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
  'This page is made from the table in `src/core/errors.ts` by `npx tsx scripts/write-error-docs.ts`.',
];

interface Row {
  readonly code: string;
  readonly status: number;
  readonly message: string;
  readonly hint: string;
}

/** The page as docs/errors.md must be. */
export function errorPage(): string {
  const sections = readSections();
  return [...INTRODUCTION, ...sections.flatMap(({ title, rows }) => ['', ...section(title, rows)]), ''].join(
    '\n',
  );
}

/** The headings are the comment lines between the rows of the table, so that the page is ordered as the source is. */
function readSections(): readonly { readonly title: string; readonly rows: readonly Row[] }[] {
  const source = readFileSync(join(packageRoot(), 'src', 'core', 'errors.ts'), 'utf8');
  const sections: { readonly title: string; readonly rows: Row[] }[] = [];
  for (const line of source.split('\n')) {
    const title = /^ {2}\/\/ (.+)$/.exec(line)?.[1];
    if (title !== undefined) sections.push({ title, rows: [] });
    const code = /^ {2}([A-Z][A-Z0-9_]*): \{/.exec(line)?.[1];
    if (code !== undefined && isCode(code)) sections.at(-1)?.rows.push({ code, ...ERRORS[code] });
  }
  return sections.filter(({ rows }) => rows.length > 0);
}

function isCode(text: string): text is keyof typeof ERRORS {
  return Object.hasOwn(ERRORS, text);
}

function section(title: string, rows: readonly Row[]): readonly string[] {
  const heading = `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`;
  const lines = rows.map(
    ({ code, status, message, hint }) => `| \`${code}\` | ${status} | ${cell(message)} | ${cell(hint)} |`,
  );
  const head = ['| code | status | message | what to do |', '| --- | --- | --- | --- |'];
  return [`## ${heading}`, '', '<!-- prettier-ignore -->', ...head, ...lines];
}

function cell(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(join(packageRoot(), 'docs', 'errors.md'), errorPage());
}

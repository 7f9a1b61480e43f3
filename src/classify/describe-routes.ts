/** The route table for people: docs/routes.md is written from it and held equal to it by a test. */
import type { Action, Resource } from '../core/labels.ts';
import type { Ask } from './route.ts';
import { ROUTES } from './routes/table.ts';

export interface RouteDescription {
  readonly id: string;
  /** `WS` for a WebSocket. */
  readonly methods: readonly string[];
  readonly pattern: string;
  readonly resource: Resource;
  readonly action: Action;
  /** Each question in words, the headline first. */
  readonly questions: readonly string[];
}

/** Every row of the table, in the order it is tried. */
export function describeRoutes(): readonly RouteDescription[] {
  return ROUTES.map((row) => ({
    id: row.id,
    methods: row.transport === 'websocket' ? ['WS'] : row.methods,
    pattern: row.pattern,
    resource: row.asks[0].res,
    action: row.asks[0].act,
    questions: row.asks.map(inWords),
  }));
}

/** The page docs/routes.md. */
export function renderRoutes(routes: readonly RouteDescription[]): string {
  const rows = routes.map(({ id, methods, pattern, questions }) =>
    [`\`${id}\``, methods.join(' '), code(pattern), questions.join('<br>')].join(' | '),
  );
  const table = [...HEADINGS, ...rows].map((row) => `| ${row} |`);
  // The formatter would pad the table to the width of its longest cell.
  return [
    ...INTRODUCTION,
    '<!-- prettier-ignore-start -->',
    '',
    ...table,
    '',
    '<!-- prettier-ignore-end -->',
    '',
  ].join('\n');
}

const INTRODUCTION = [
  '# Routes',
  '',
  'Every address the gate passes on, in the order the rows are tried: the first pattern that matches an address owns it,',
  'whatever the method. What is not here is refused, unless `routes` in gate.yaml describes it.',
  '',
  'All questions of a row must be allowed. "its owner" and "its path" come from the record the gate keeps of who started',
  'what; "new" makes the asker the owner. The path of a shared document is the one the Jupyter Server has for it at that',
  'moment. This page is written by `npx tsx scripts/write-routes.ts`.',
  '',
  'In a pattern, `{name}` is one segment, `{name:…}` text of that form, `{path:…}` a path of the served directory',
  '(`contents` and `path` may be the root, `below` may not, `tail` and `rest` may be left out), `{/}` a slash that may follow.',
  '',
];
const HEADINGS = ['route | methods | address below the base path | questions', '--- | --- | --- | ---'];

function inWords({ res, act, path, object, creates, document, leads, when }: Ask): string {
  const words: string[] = [act, res];
  if (path !== undefined) words.push(`of \`${path}\``);
  if (object !== undefined) words.push(`of the ${object[0]} \`${object[1]}\` (its owner, its path)`);
  if (document === true) words.push('of the shared document (its path)');
  if (leads === true) words.push('or of something below it');
  if (creates === true) words.push('(new)');
  if (when !== undefined) words.push(`when \`${when}\` is given`);
  return words.join(' ');
}

function code(text: string): string {
  return `\`${text.replaceAll('|', String.raw`\|`)}\``;
}

/** What a row of the table must be for its questions to mean what they say; a slip of the pen would leave one out. */
import type { Action } from '../core/labels.ts';
import type { Ask, BodyReading, RouteRow } from './route.ts';
import { compileTemplate } from './template.ts';

/** What an ask may not have beside a flag, and what it must have. */
interface FlagRule {
  readonly flag: keyof Ask;
  /** The action it is for, always with a path. */
  readonly act?: Action;
  readonly excludes: readonly (keyof Ask)[];
}

const FLAGS: readonly FlagRule[] = [
  { flag: 'object', excludes: ['path', 'creates', 'arrives', 'leads', 'document'] },
  { flag: 'creates', excludes: ['object', 'arrives', 'leads', 'document'] },
  { flag: 'arrives', act: 'write', excludes: ['object', 'creates', 'leads'] },
  { flag: 'leads', act: 'read', excludes: ['object', 'creates', 'arrives'] },
  { flag: 'document', excludes: ['path', 'object', 'creates', 'arrives', 'leads', 'when'] },
];

/** Throws a `TypeError` for a row that cannot be right. */
export function checkRow(row: RouteRow): void {
  for (const problem of problemsOf(row)) throw new TypeError(`route \`${row.id}\`: ${problem}`);
}

/** Throws a `TypeError` when a body gave a part that the row does not declare: no question could be trusted to ask for it. */
export function checkReading({ id, bodyParts = [] }: RouteRow, { params, paths }: BodyReading): void {
  for (const name of Object.keys({ ...params, ...paths })) {
    if (!bodyParts.includes(name)) throw new TypeError(`route \`${id}\`: \`${name}\` is none of its parts`);
  }
}

function problemsOf(row: RouteRow): string[] {
  const known = partsOf(row);
  const [headline] = row.asks;
  const problems = row.asks.flatMap((ask) => problemsOfAsk(ask, row, known));
  if (headline.when !== undefined) problems.push('the first question is always asked');
  if (row.document !== undefined && !known.has(row.document[1])) problems.push(unknown(row.document[1]));
  if (row.streamedObject === true && row.body !== 'stream') problems.push('only a stream is looked at');
  if (row.bodyParts !== undefined && typeof row.body !== 'function') problems.push('no body is read');
  if ((row.transport === 'websocket') !== (row.socket !== undefined))
    problems.push('`socket` is for sockets');
  if ((row.subtree !== undefined || row.mustExist === true) && !known.has('path'))
    problems.push(unknown('path'));
  return problems;
}

function partsOf({ pattern, query, bodyParts = [] }: RouteRow): ReadonlySet<string> {
  const asked = query === undefined || query === 'all' ? [] : Object.keys(query);
  return new Set([...compileTemplate(pattern).names, ...asked, ...bodyParts]);
}

function problemsOfAsk(ask: Ask, row: RouteRow, known: ReadonlySet<string>): string[] {
  const names = [ask.path, ask.object?.[1], ask.when].filter((name) => name !== undefined);
  const problems = names.filter((name) => !known.has(name)).map(unknown);
  // One question about the file and one that is not would let half of the file's rights do.
  if ((ask.document === true) !== (row.document !== undefined))
    problems.push('all or none ask for `document`');
  for (const { flag, act, excludes } of FLAGS) {
    if (ask[flag] === undefined) continue;
    for (const other of excludes)
      if (ask[other] !== undefined) problems.push(`\`${flag}\` and \`${other}\` exclude each other`);
    if (act !== undefined && (ask.act !== act || ask.path === undefined))
      problems.push(`\`${flag}\` is for ${act} of a path`);
  }
  return problems;
}

function unknown(name: string): string {
  return `\`${name}\` is none of its parts`;
}

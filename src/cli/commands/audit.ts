/** `audit list` and `audit export`: who changed what, and who was refused what. `audit verify` reads the database itself. */
import { CliError } from '../cli-error.ts';
import type { Command, CommandInput, Row } from '../command.ts';
import { parseInstant } from '../instant.ts';

const RANGE = [
  { name: 'since', value: 'T', summary: 'from then on: an RFC 3339 time, or `2h` for the last two hours' },
  { name: 'until', value: 'T', summary: 'before then' },
] as const;

const COLUMNS = [
  'seq',
  'at',
  'actor',
  'what',
  'target',
  'revision',
  'via',
  'address',
  { heading: 'refused', of: whatWasRefused },
];
const SHOWN = 100;

export const auditCommands: readonly Command[] = [
  {
    words: 'audit list',
    takes: [],
    options: [
      { name: 'actor', value: 'NAME', summary: 'only what this person did' },
      { name: 'action', value: 'WHAT', summary: 'only this, e.g. `grant.add`, or all of `grant`' },
      {
        name: 'subject',
        value: 'NAME',
        summary: 'only what was done to this user or role, and what was refused to them',
      },
      { name: 'target', value: 'TEXT', summary: 'only this target' },
      ...RANGE,
      { name: 'limit', value: 'N', summary: `at most so many, ${SHOWN} when left out` },
      { name: 'after', value: 'SEQ', summary: 'goes on below this number' },
    ],
    summary: 'lists changes and refusals, newest first',
    async run({ client, output, now }, { options }) {
      const { body } = await client.get(`/audit?${listQuery(options, now()).toString()}`);
      const page = body as { items: Record<string, unknown>[]; next: number | null };
      output.table(page.items, COLUMNS);
      if (page.next !== null) output.line(`older ones: --after ${page.next}`);
    },
  },
  {
    words: 'audit export',
    takes: [],
    options: RANGE,
    summary: 'prints all entries as JSON lines, oldest first, in the form that was hashed',
    async run({ client, output, now }, { options }) {
      await client.stream(`/audit/export?${rangeQuery(options, now()).toString()}`, (text) =>
        output.raw(text),
      );
    },
  },
];

type Options = CommandInput['options'];

function listQuery(options: Options, now: number): URLSearchParams {
  const query = rangeQuery(options, now);
  const given = { actor: 'actor', action: 'what', subject: 'subject', target: 'target', after: 'after' };
  for (const [option, field] of Object.entries(given)) {
    const value = options[option];
    if (value !== undefined) query.set(field, value);
  }
  query.set('limit', options['limit'] ?? String(SHOWN));
  return query;
}

function rangeQuery(options: Options, now: number): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of ['since', 'until']) {
    const value = options[name];
    if (value !== undefined) query.set(name, pastInstant(value, now));
  }
  return query;
}

/** A duration means that long ago. */
function pastInstant(text: string, now: number): string {
  const ahead = parseInstant(text, now);
  if (ahead === null)
    throw new CliError('`never` is not a time', 'use a duration (`2h`, `7d`) or an RFC 3339 time');
  return /^\d+[smhdw]$/.test(text) ? new Date(2 * now - Date.parse(ahead)).toISOString() : ahead;
}

/** `read contents: DENIED_BY_POLICY`, of a flood the number of each code; empty for a change. */
function whatWasRefused({ what, after }: Row): string {
  if (!String(what).endsWith('.refused')) return '';
  const { act, res, code, codes } = after as Refused;
  if (codes !== undefined)
    return Object.entries(codes)
      .map(([each, times]) => `${times} × ${each}`)
      .join(', ');
  return [act, res].every((word) => word) ? `${act} ${res}: ${code}` : `${code}`;
}

interface Refused {
  readonly act?: string;
  readonly res?: string;
  readonly code?: string;
  readonly codes?: Readonly<Record<string, number>>;
}

/** `request …`: what people asked for after a refusal. */
import type { Command } from '../command.ts';
import { parseInstant } from '../instant.ts';
import { text } from './text.ts';

const COLUMNS = [
  'id',
  'status',
  'subject',
  'act',
  'res',
  'path',
  'role',
  'reason',
  'created_at',
  'expires_at',
];
const NOTE = { name: 'note', value: 'TEXT', summary: 'a word to whoever asked' };

const addressOf = (id: string): string => `/access-requests/${encodeURIComponent(id)}`;

export const accessRequestCommands: readonly Command[] = [
  {
    words: 'request list',
    takes: [],
    options: [
      {
        name: 'status',
        value: 'S',
        summary: 'only `open`, `approved`, `declined`, `withdrawn` or `expired`',
      },
      { name: 'subject', value: 'NAME', summary: 'only of this person' },
    ],
    summary: 'lists what people asked for, newest first',
    async run({ client, output }, { options: { status, subject } }) {
      const query = new URLSearchParams({
        ...(status === undefined ? {} : { status }),
        ...(subject === undefined ? {} : { subject }),
      }).toString();
      output.table(await client.all(`/access-requests${query === '' ? '' : `?${query}`}`), COLUMNS);
    },
  },
  {
    words: 'request show',
    takes: ['ID'],
    summary: 'shows one request for access',
    async run({ client, output }, { positionals: [id = ''] }) {
      const { body } = await client.get(addressOf(id));
      const fields = Object.entries(body as Readonly<Record<string, unknown>>).filter(
        ([, value]) => value !== null && value !== '',
      );
      output.value(
        body,
        fields.map(([name, value]) => `${name.replaceAll('_', ' ')}: ${String(value)}`).join('\n'),
      );
    },
  },
  {
    words: 'request approve',
    takes: ['ID'],
    options: [
      {
        name: 'expires',
        value: 'T',
        summary: 'when it ends: a duration (`2h`) or an RFC 3339 time; eight hours when left out',
      },
      { name: 'role', value: 'ROLE', summary: 'another role than the one suggested' },
      { name: 'path', value: 'PATTERN', summary: 'only there; `**` for the whole role' },
      NOTE,
    ],
    summary: 'gives what was asked for until it ends',
    async run({ client, output, now }, { positionals: [id = ''], options: { expires, role, path, note } }) {
      const { body } = await client.patch(addressOf(id), {
        status: 'approved',
        ...(expires === undefined ? {} : { expires_at: parseInstant(expires, now()) }),
        ...(role === undefined ? {} : { role }),
        ...(path === undefined ? {} : { path }),
        ...(note === undefined ? {} : { note }),
      });
      const [subject, given, end] = ['subject', 'role', 'expires_at'].map((field) => text(body, field));
      output.value(
        body,
        `approved ${id}: ${subject} has ${given} (${text(body, 'granted_role')}) until ${end}`,
      );
    },
  },
  {
    words: 'request decline',
    takes: ['ID'],
    options: [NOTE],
    summary: 'declines what was asked for',
    async run({ client, output }, { positionals: [id = ''], options: { note } }) {
      const { body } = await client.patch(addressOf(id), {
        status: 'declined',
        ...(note === undefined ? {} : { note }),
      });
      output.value(body, `declined ${id}`);
    },
  },
];

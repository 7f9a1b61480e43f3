/** `grant` and `ungrant`: roles given and taken while people work. */
import type { Command } from '../command.ts';
import { parseInstant } from '../instant.ts';
import { text } from './text.ts';

const SERVER = { name: 'server', value: 'S', summary: 'only on this server; every server when left out' };

export const grantCommands: readonly Command[] = [
  {
    words: 'grant',
    takes: ['SUBJECT', 'ROLE'],
    options: [
      { name: 'expires', value: 'T', summary: 'a duration (`2h`), an RFC 3339 time or `never`' },
      {
        name: 'starts',
        value: 'T',
        summary: 'from then on: a duration or an RFC 3339 time; `never` for at once',
      },
      SERVER,
    ],
    summary: 'gives a role to a person, a role or `anonymous`',
    async run(
      { client, output, now },
      { positionals: [subject = '', role = ''], options: { expires, starts, server } },
    ) {
      const { body, revision } = await client.put(
        `/users/${encodeURIComponent(subject)}/roles/${encodeURIComponent(role)}`,
        {
          ...(expires === undefined ? {} : { expires_at: parseInstant(expires, now()) }),
          ...(starts === undefined ? {} : { starts_at: parseInstant(starts, now()) }),
          ...(server === undefined ? {} : { server }),
        },
      );
      const end = text(body, 'expires_at');
      const until = end === '' ? '' : ` until ${end}`;
      const start = text(body, 'starts_at');
      const from = start === '' ? '' : ` from ${start}`;
      output.value(
        body,
        `${text(body, 'subject')} holds ${text(body, 'role')}${from}${until}${asOf(revision)}`,
      );
    },
  },
  {
    words: 'ungrant',
    takes: ['SUBJECT', 'ROLE'],
    options: [SERVER],
    summary: 'takes a role away',
    async run({ client, output }, { positionals: [subject = '', role = ''], options: { server } }) {
      const query = server === undefined ? '' : `?server=${encodeURIComponent(server)}`;
      const { revision } = await client.delete(
        `/users/${encodeURIComponent(subject)}/roles/${encodeURIComponent(role)}${query}`,
      );
      output.line(`${subject} does not hold ${role}${asOf(revision)}`);
    },
  },
];

function asOf(revision: string | null): string {
  return revision === null ? '' : ` as of revision ${revision}`;
}

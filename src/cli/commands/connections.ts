/** `connections …`: who is on. */
import { CliError } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { text } from './text.ts';

const FILTER = [
  { name: 'subject', value: 'NAME', summary: 'only of this person; `anonymous` for everybody not signed in' },
  { name: 'resource', value: 'LABEL', summary: 'only of this resource, e.g. `channels`' },
] as const;

const COLUMNS = ['id', 'subject', 'kind', 'act', 'res', 'path', 'since', 'rules', 'valid_until', 'address'];

export const connectionCommands: readonly Command[] = [
  {
    words: 'connections list',
    takes: [],
    options: FILTER,
    summary: 'lists open sockets and requests under way',
    async run({ client, output }, { options: { subject, resource } }) {
      const query = new URLSearchParams({
        ...(subject === undefined ? {} : { subject }),
        ...(resource === undefined ? {} : { resource }),
      }).toString();
      output.table(await client.all(`/connections${query === '' ? '' : `?${query}`}`), COLUMNS);
    },
  },
  {
    words: 'connections close',
    takes: ['[ID]'],
    options: [...FILTER, { name: 'message', value: 'TEXT', summary: 'what the people are told' }],
    summary: 'closes one, or all of a person or resource; their rights stay',
    async run({ client, output }, { positionals: [id], options: { subject, resource, message } }) {
      if (id === undefined) {
        const { body } = await client.post('/connections/close', {
          ...(subject === undefined ? {} : { subject }),
          ...(resource === undefined ? {} : { resource }),
          ...(message === undefined ? {} : { message }),
        });
        output.value(body, `closed ${text(body, 'closed')}`);
        return;
      }
      if (subject !== undefined || resource !== undefined || message !== undefined)
        throw new CliError('an id stands by itself', 'leave the options out, or the id');
      await client.delete(`/connections/${encodeURIComponent(id)}`);
      output.line(`closed ${id}`);
    },
  },
];

/** `invite` and `invitations …`: share the running server for a while. */
import { CliError } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { parseInstant } from '../instant.ts';
import { text } from './text.ts';

const COLUMNS = ['id', 'role', 'path', 'used', 'uses', 'users', 'expires_at', 'revoked_at', 'created_by'];

export const invitationCommands: readonly Command[] = [
  {
    words: 'invite',
    takes: [],
    options: [
      { name: 'role', value: 'ROLE', summary: 'what people are invited to, e.g. `temporary`' },
      { name: 'expires', value: 'T', summary: 'when it ends: a duration (`2h`) or an RFC 3339 time' },
      { name: 'uses', value: 'N', summary: 'how many may accept; everybody who has the link when left out' },
      { name: 'path', value: 'PATTERN', summary: 'only there, e.g. `/lectures/**`' },
      { name: 'server', value: 'S', summary: 'only on this server; every server when left out' },
    ],
    summary: 'prints a link that gives a role until it ends',
    async run({ client, output, now }, { options: { role, expires, uses, path, server } }) {
      if (role === undefined || expires === undefined)
        throw new CliError(
          '`--role` and `--expires` are needed',
          'for example `--role temporary --expires 2h`',
        );
      const end = parseInstant(expires, now());
      if (end === null)
        throw new CliError('an invitation ends', 'use a duration (`2h`, `7d`) or an RFC 3339 time');
      if (uses !== undefined && !/^\d+$/.test(uses))
        throw new CliError(`\`--uses\` expects a number, received \`${uses}\``, 'for example `--uses 30`');
      const { body } = await client.post('/invitations', {
        role,
        expires_at: end,
        ...(uses === undefined ? {} : { uses: Number(uses) }),
        ...(path === undefined ? {} : { path }),
        ...(server === undefined ? {} : { server }),
      });
      output.value(body, text(body, 'url'));
    },
  },
  {
    words: 'invitations list',
    takes: [],
    summary: 'lists the invitations and who accepted them',
    async run({ client, output }) {
      output.table(await client.all('/invitations'), COLUMNS);
    },
  },
  {
    words: 'invitations revoke',
    takes: ['ID'],
    summary: 'ends what an invitation gave and disables the users it created',
    async run({ client, output }, { positionals: [id = ''] }) {
      await client.delete(`/invitations/${encodeURIComponent(id)}`);
      output.line(`revoked ${id}`);
    },
  },
];

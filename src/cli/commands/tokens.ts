/** `token …`: API tokens for programs. */
import type { Command } from '../command.ts';
import { parseInstant } from '../instant.ts';
import { text } from './text.ts';

const path = (name: string | undefined): string => `/users/${encodeURIComponent(name ?? '')}/tokens`;

export const tokenCommands: readonly Command[] = [
  {
    words: 'token issue',
    takes: ['NAME'],
    options: [
      { name: 'note', value: 'TEXT', summary: 'what it is for' },
      { name: 'expires', value: 'T', summary: 'a duration (`2h`, `30d`) or an RFC 3339 time' },
      { name: 'audience', value: 'proxy|admin', summary: 'which listener accepts it; proxy when left out' },
      { name: 'roles', value: 'R,R', summary: 'only these of the roles the person holds' },
    ],
    summary: 'issues a token and prints it, the only time it is shown',
    async run({ client, output, now }, { positionals: [name], options: { note, expires, audience, roles } }) {
      const { body } = await client.post(path(name), {
        ...(note === undefined ? {} : { note }),
        ...(audience === undefined ? {} : { audience }),
        ...(roles === undefined ? {} : { roles: roles.split(',') }),
        ...(expires === undefined ? {} : { expires_at: parseInstant(expires, now()) }),
      });
      output.value(body, text(body, 'token'));
    },
  },
  {
    words: 'token list',
    takes: ['NAME'],
    summary: 'lists the tokens of a person',
    async run({ client, output }, { positionals: [name] }) {
      output.table(await client.all(path(name)), [
        'id',
        'note',
        'audience',
        'roles',
        'created_at',
        'expires_at',
        'revoked_at',
      ]);
    },
  },
  {
    words: 'token revoke',
    takes: ['NAME', 'ID'],
    summary: 'revokes a token at once',
    async run({ client, output }, { positionals: [name, id] }) {
      await client.delete(`${path(name)}/${encodeURIComponent(id ?? '')}`);
      output.line(`revoked ${id}`);
    },
  },
];

/** `user …`: who may sign in. */
import { CliError } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { text } from './text.ts';

const path = (name: string | undefined): string => `/users/${encodeURIComponent(name ?? '')}`;

export const userCommands: readonly Command[] = [
  {
    words: 'user add',
    takes: ['NAME'],
    options: [{ name: 'display-name', value: 'TEXT', summary: 'how others see the person' }],
    summary: 'adds a person and prints a one-time sign-in link',
    async run({ client, output }, { positionals: [name], options }) {
      const display = options['display-name'];
      await client.post('/users', { name, ...(display === undefined ? {} : { display_name: display }) });
      const link = await client.post(`${path(name)}/links`);
      output.value(link.body, `added ${name}\nsign-in link, works once: ${text(link.body, 'url')}`);
    },
  },
  {
    words: 'user list',
    takes: [],
    summary: 'lists the people',
    async run({ client, output }) {
      output.table(await client.all('/users'), ['name', 'display_name', 'active', 'created_at']);
    },
  },
  {
    words: 'user show',
    takes: ['NAME'],
    summary: 'shows a person and their roles',
    async run({ client, output }, { positionals: [name] }) {
      const user = await client.get(path(name));
      const roles = await client.all(`${path(name)}/roles`);
      output.value({ ...(user.body as object), roles }, describe(user.body, roles));
    },
  },
  {
    words: 'user disable',
    takes: ['NAME'],
    options: [{ name: 'undo', summary: 'lets the person in again' }],
    summary: 'ends all sessions and tokens and refuses new ones',
    async run({ client, output }, { positionals: [name], options }) {
      const active = options['undo'] !== undefined;
      await client.patch(path(name), { active });
      output.line(active ? `${name} may sign in again` : `${name} is disabled`);
    },
  },
  {
    words: 'user remove',
    takes: ['NAME'],
    summary: 'removes a person for good; the name is not given again',
    async run({ client, output }, { positionals: [name] }) {
      await client.delete(path(name));
      output.line(`removed ${name}`);
    },
  },
  {
    words: 'user link',
    takes: ['NAME'],
    summary: 'prints a new one-time sign-in link',
    async run({ client, output }, { positionals: [name] }) {
      const { body } = await client.post(`${path(name)}/links`);
      output.value(body, text(body, 'url'));
    },
  },
  {
    words: 'user password',
    takes: ['NAME'],
    summary: 'sets a password, read from the terminal or standard input',
    async run({ client, output, readSecret }, { positionals: [name] }) {
      const password = await readSecret(`new password for ${name}: `);
      if (password === '')
        throw new CliError('the password is empty', 'type it, or send it on standard input');
      await client.patch(path(name), { password });
      output.line(`password of ${name} set`);
    },
  },
];

function describe(user: unknown, roles: readonly Readonly<Record<string, unknown>>[]): string {
  const held = roles.map(
    (grant) =>
      `  ${text(grant, 'role')}${text(grant, 'expires_at') === '' ? '' : ` until ${text(grant, 'expires_at')}`}`,
  );
  const state = (user as { readonly active?: boolean }).active === false ? ', disabled' : '';
  return [
    `${text(user, 'name')} (${text(user, 'display_name')}${state})`,
    'roles:',
    ...(held.length > 0 ? held : ['  none']),
  ].join('\n');
}

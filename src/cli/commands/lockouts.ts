/** `lockouts …`: who guessed too often. */
import type { Command } from '../command.ts';

const COLUMNS = ['id', 'user', 'address', 'since', 'until'];

export const lockoutCommands: readonly Command[] = [
  {
    words: 'lockouts list',
    takes: [],
    summary: 'lists who may not try to sign in for a while',
    async run({ client, output }) {
      output.table(await client.all('/lockouts'), COLUMNS);
    },
  },
  {
    words: 'lockouts lift',
    takes: ['ID'],
    summary: 'lets them try again at once',
    async run({ client, output }, { positionals: [id = ''] }) {
      await client.delete(`/lockouts/${encodeURIComponent(id)}`);
      output.line(`lifted ${id}`);
    },
  },
];

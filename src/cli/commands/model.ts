/** `model …`: the Casbin model that is in force. */
import type { Command } from '../command.ts';
import { text } from './text.ts';

export const modelCommands: readonly Command[] = [
  {
    words: 'model show',
    takes: [],
    summary: 'prints the model in force',
    async run({ client, output }) {
      const { body } = await client.get('/model');
      output.value(body, text(body, 'text'));
    },
  },
  {
    words: 'model apply',
    takes: ['FILE'],
    summary: 'checks a model and puts it in force',
    async run({ client, output, readFile }, { positionals: [file = ''] }) {
      const { body } = await client.put('/model', { text: await readFile(file) });
      output.value(body, `model version ${text(body, 'version')} is in force`);
    },
  },
  {
    words: 'model history',
    takes: [],
    summary: 'lists the versions, newest first',
    async run({ client, output }) {
      output.table(await client.all('/model/versions'), ['version', 'source', 'created_at', 'created_by']);
    },
  },
  {
    words: 'model restore',
    takes: ['VERSION'],
    summary: 'puts an earlier version in force again',
    async run({ client, output }, { positionals: [version = ''] }) {
      const { body } = await client.post(`/model/versions/${encodeURIComponent(version)}/restore`);
      output.value(body, `model version ${text(body, 'version')} is in force`);
    },
  },
];

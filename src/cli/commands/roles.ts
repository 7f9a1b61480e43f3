/** `role …`, `rule …` and `preset …`: what roles there are and what they may do. */
import { CliError } from '../cli-error.ts';
import type { Command } from '../command.ts';
import { text } from './text.ts';

const RULE_COLUMNS = ['id', 'sub', 'srv', 'res', 'act', 'path', 'cond', 'eft'];

export const roleCommands: readonly Command[] = [
  {
    words: 'role list',
    takes: [],
    summary: 'lists the roles',
    async run({ client, output }) {
      output.table(await client.all('/roles'), ['name', 'preset', 'description']);
    },
  },
  {
    words: 'role show',
    takes: ['ROLE'],
    summary: 'shows the rules of a role',
    async run({ client, output }, { positionals: [role = ''] }) {
      const { body } = await client.get(`/roles/${encodeURIComponent(role)}`);
      const rules = await client.all(`/rules?sub=${encodeURIComponent(text(body, 'name'))}`);
      const heading = `${text(body, 'name')}: ${text(body, 'description')}`;
      const rows = rules.map(flat);
      output.section({ heading, value: body, name: 'rules', rows, columns: RULE_COLUMNS });
    },
  },
  {
    words: 'role add',
    takes: ['ROLE'],
    options: [{ name: 'description', value: 'TEXT', summary: 'what it is for' }],
    summary: 'adds a role, without rules yet',
    async run({ client, output }, { positionals: [role = ''], options: { description } }) {
      const { body } = await client.post('/roles', {
        name: role,
        ...(description === undefined ? {} : { description }),
      });
      output.value(body, `added ${text(body, 'name')}`);
    },
  },
  {
    words: 'role remove',
    takes: ['ROLE'],
    summary: 'removes a role with its rules, and takes it from everybody',
    async run({ client, output }, { positionals: [role = ''] }) {
      await client.delete(`/roles/${encodeURIComponent(role)}`);
      output.line(`removed ${role}`);
    },
  },
  {
    words: 'rule list',
    takes: [],
    options: [{ name: 'sub', value: 'SUBJECT', summary: 'only rules of this subject' }],
    summary: 'lists the rules',
    async run({ client, output }, { options: { sub } }) {
      const rules = await client.all(sub === undefined ? '/rules' : `/rules?sub=${encodeURIComponent(sub)}`);
      output.table(rules.map(flat), RULE_COLUMNS);
    },
  },
  {
    words: 'rule add',
    takes: ['JSON'],
    summary: 'adds a rule, e.g. \'{"sub":"role:ta","res":"contents","act":"read|write","path":"/lab/**"}\'',
    async run({ client, output }, { positionals: [json = ''] }) {
      const { body } = await client.post('/rules', { fields: parseFields(json) });
      output.value(body, `added rule ${text(body, 'id')}`);
    },
  },
  {
    words: 'rule remove',
    takes: ['ID'],
    summary: 'removes a rule',
    async run({ client, output }, { positionals: [id = ''] }) {
      await client.delete(`/rules/${encodeURIComponent(id)}`);
      output.line(`removed rule ${id}`);
    },
  },
  {
    words: 'preset list',
    takes: [],
    summary: 'lists the presets',
    async run({ client, output }) {
      output.table(await client.all('/presets'), ['name', 'title', 'applied']);
    },
  },
  {
    words: 'preset show',
    takes: ['NAME'],
    summary: 'shows the roles and rules of a preset',
    async run({ client, output }, { positionals: [name = ''] }) {
      const { body } = await client.get(`/presets/${encodeURIComponent(name)}`);
      output.value(body, JSON.stringify(body, null, 2));
    },
  },
  {
    words: 'preset apply',
    takes: ['NAME'],
    summary: "puts a preset's roles and rules in force",
    async run({ client, output }, { positionals: [name = ''] }) {
      const { revision } = await client.post(`/presets/${encodeURIComponent(name)}/apply`);
      output.line(`applied ${name}${revision === null ? '' : `, revision ${revision}`}`);
    },
  },
];

function flat(rule: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { id: rule['id'], ...(rule['fields'] as object | undefined) };
}

function parseFields(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    throw new CliError(
      'the rule is not JSON',
      'put it in single quotes, with double quotes around names and values',
    );
  }
}

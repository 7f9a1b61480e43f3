/** `can`: why somebody may or may not. `decision list`: what was answered so far. */
import type { Command, CommandInput } from '../command.ts';
import { text } from './text.ts';

interface Explained {
  readonly verdict: { readonly allowed: boolean; readonly code: string; readonly rules: readonly number[] };
  readonly considered?: readonly { readonly id: number; readonly matched: boolean; readonly why: string }[];
}

const COLUMNS = ['at', 'subject', 'act', 'res', 'path', 'code', 'status', 'rules', 'revision', 'address'];
const SHOWN = 100;

export const decisionCommands: readonly Command[] = [
  {
    words: 'can',
    failureCode: 2,
    takes: ['SUBJECT', 'ACTION', 'RESOURCE', '[PATH]'],
    options: [
      {
        name: 'owner',
        value: 'NAME',
        summary: 'who owns the kernel, session or terminal; SUBJECT when left out',
      },
    ],
    summary:
      'says whether and why; the exit code is 0 when allowed, 1 when not, 2 when it could not be asked',
    async run({ client, output }, { positionals: [sub, act, res, path], options: { owner } }) {
      const { body } = await client.post('/decisions', {
        sub,
        act,
        res,
        ...(path === undefined ? {} : { path }),
        ...(owner === undefined ? {} : { own: owner }),
      });
      output.value(body, describe(body as Explained));
      return (body as Explained).verdict.allowed ? 0 : 1;
    },
  },
  {
    words: 'decision list',
    takes: [],
    options: [
      { name: 'subject', value: 'NAME', summary: 'only what this person asked' },
      { name: 'code', value: 'CODE', summary: 'only what was answered so, e.g. `DENIED_BY_POLICY`' },
      { name: 'limit', value: 'N', summary: `at most so many, ${SHOWN} when left out` },
      { name: 'after', value: 'CURSOR', summary: 'goes on behind this place' },
    ],
    summary: 'lists what was decided, newest first',
    async run({ client, output }, { options }) {
      const query = new URLSearchParams({ limit: String(SHOWN), ...defined(options) });
      const page = (await client.get(`/decisions?${query.toString()}`)).body as Listed;
      output.table(page.items, COLUMNS);
      if (page.next !== null) output.line(`older ones: --after ${page.next}`);
    },
  },
];

interface Listed {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | null;
}

function defined(options: CommandInput['options']): Record<string, string> {
  const names = ['subject', 'code', 'limit', 'after'];
  return Object.fromEntries(
    Object.entries(options).filter(
      (one): one is [string, string] => names.includes(one[0]) && one[1] !== undefined,
    ),
  );
}

function describe({ verdict, considered = [] }: Explained): string {
  const head = verdict.allowed ? `yes: rule ${verdict.rules.join(', ')}` : `no: ${verdict.code}`;
  const lines = considered.map(
    (rule) => `  rule ${text(rule, 'id')}: ${rule.matched ? 'matches' : rule.why}`,
  );
  return [head, ...lines].join('\n');
}

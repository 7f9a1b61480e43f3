/** `can`: why somebody may or may not. */
import type { Command } from '../command.ts';
import { text } from './text.ts';

interface Explained {
  readonly verdict: { readonly allowed: boolean; readonly code: string; readonly rules: readonly number[] };
  readonly considered?: readonly { readonly id: number; readonly matched: boolean; readonly why: string }[];
}

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
];

function describe({ verdict, considered = [] }: Explained): string {
  const head = verdict.allowed ? `yes: rule ${verdict.rules.join(', ')}` : `no: ${verdict.code}`;
  const lines = considered.map(
    (rule) => `  rule ${text(rule, 'id')}: ${rule.matched ? 'matches' : rule.why}`,
  );
  return [head, ...lines].join('\n');
}

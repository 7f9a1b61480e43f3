/** `audit verify`: holds the audit in the database against its hashes, its checkpoints and those kept elsewhere. */
import { join, resolve } from 'node:path';
import { checkpointsIn } from '../../manage/audit/statements.ts';
import type { Checkpoint, Stated } from '../../manage/audit/statements.ts';
import { verifyAudit } from '../../manage/audit/verify-audit.ts';
import type { Verification } from '../../manage/audit/verify-audit.ts';
import { PUBLIC_KEY_FILE, readPublicKeys } from '../../record/audit-key.ts';
import { KEPT_CHECKPOINT_FILE, createKeptLine } from '../../record/kept-line.ts';
import { openAuditLog } from '../../store/open-audit-log.ts';
import { CliError } from '../cli-error.ts';
import type { LocalCommand, Terminal } from '../run.ts';

export const verifyAuditCommand: LocalCommand = {
  takes: [],
  options: [
    {
      name: 'checkpoint',
      value: 'C',
      summary: 'a checkpoint that was kept, or a file (a log) that names some',
    },
    { name: 'public-key', value: 'FILE', summary: 'whose signatures count; DATA/audit.pub when left out' },
  ],
  failureCode: 2,
  summary:
    'says what in the audit was changed or taken away; the exit code is 0 for nothing, 1 for something',
  async run({ config, options, output, terminal }) {
    const { checkpoint, 'public-key': publicKey } = options;
    const keys = await readPublicKeys(resolve(terminal.cwd, publicKey ?? join(config.data, PUBLIC_KEY_FILE)));
    const kept = await createKeptLine(join(config.data, KEPT_CHECKPOINT_FILE)).read();
    const given = checkpoint === undefined ? [] : await readCheckpoints(checkpoint, terminal);
    const log = await openAuditLog(config.database);
    try {
      const expected = [...checkpointsIn(kept ?? ''), ...given];
      const verification = await verifyAudit({ audit: log.audit, keys, expected });
      output.value(verification, describe(verification));
      return verification.valid ? 0 : 1;
    } finally {
      await log.close();
    }
  },
};

async function readCheckpoints(given: string, { cwd, readFile }: Terminal): Promise<Stated<Checkpoint>[]> {
  const written = checkpointsIn(given);
  const found = written.length > 0 ? written : checkpointsIn(await textOf(resolve(cwd, given), readFile));
  if (found.length > 0) return found;
  throw new CliError(`there is no checkpoint in \`${given}\``, 'it begins with `gate-checkpoint-1,`');
}

async function textOf(file: string, readFile: Terminal['readFile']): Promise<string> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new CliError(
      `\`${file}\` is neither a checkpoint nor a file that can be read`,
      'a checkpoint begins with `gate-checkpoint-1,`',
      cause,
    );
  }
}

function describe(verification: Verification): string {
  const { valid, entries, first, last, covered, checkpoints, findings, problems } = verification;
  const range = entries === 0 ? 'no entries' : `${entries} entries, ${first} to ${last}`;
  const open = last > covered ? `; ${last - covered} since the last checkpoint` : '';
  const what = `${range}, ${checkpoints} checkpoints${open}`;
  if (valid) return `the audit is sound: ${what}`;
  const lines = findings.map(({ kind, detail }) => `  ${kind.padEnd(10)}  ${detail}`);
  const more = problems > findings.length ? [`  and ${problems - findings.length} more`] : [];
  return [`the audit is NOT sound: ${what}`, ...lines, ...more].join('\n');
}

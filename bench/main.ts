/**
 * `npm run bench [-- --quick] [--json] [--only ROW,ROW] [--write-docs]`: the numbers the gate is held to, each with its peers in
 * the same run. With `--json` nothing but JSON goes to standard output.
 */
import { parseArgs } from 'node:util';
import { ROWS } from './rows/rows.ts';
import { machineLine } from './support/machine.ts';
import { canMeasureProcesses } from './support/process-figures.ts';
import { asText, describeMachine, told } from './support/report.ts';
import type { Report, ReportedRow } from './support/report.ts';
import type { Context, Row } from './support/row.ts';
import { temporaryDirectory } from './support/temporary-directory.ts';
import { writeDocs } from './support/write-docs.ts';

/** Rows that need no figures of other processes. */
const ANYWHERE = new Set(['verdict', 'start', 'admin-grant', 'revocation']);

async function reported(row: Row, context: Context): Promise<ReportedRow> {
  const { name, title } = row;
  const since = performance.now();
  if (!canMeasureProcesses && !ANYWHERE.has(name))
    return {
      name,
      title,
      figures: [],
      seconds: 0,
      skipped: 'the processor time of a process is read from /proc of Linux',
    };
  const figures = (await row.run(context)).map(told);
  return { name, title, figures, seconds: secondsSince(since) };
}

function secondsSince(since: number): number {
  return (performance.now() - since) / 1000;
}

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    only: { type: 'string' },
    'write-docs': { type: 'boolean', default: false },
  },
});
const wanted = options.only?.split(',');
const unknown = wanted?.filter((name) => !ROWS.some((row) => row.name === name)) ?? [];
if (unknown.length > 0) {
  process.stderr.write(
    `--only: expected ${ROWS.map(({ name }) => name).join(', ')}, received \`${unknown.join(',')}\`\n`,
  );
  process.exit(2);
}
const progress = (text: string): void => void process.stderr.write(`… ${text}\n`);
const machine = describeMachine();
process.stderr.write(`${machineLine(machine)}\n`);
const since = performance.now();
await using directory = await temporaryDirectory();
const context: Context = { size: options.quick ? 'quick' : 'full', shared: directory.path, progress };
const rows: ReportedRow[] = [];
for (const row of ROWS.filter(({ name }) => wanted?.includes(name) ?? true))
  rows.push(await reported(row, context));
const report: Report = { machine, quick: options.quick, rows, seconds: secondsSince(since) };
process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : asText(report));
if (options['write-docs']) await writeDocs(report);

/** Puts a run into docs/performance.md, between its marks, and draws the plot beside it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { packageRoot } from '../../src/core/package-root.ts';
import { machineLine } from './machine.ts';
import { logPlot } from './plot.ts';
import type { Line } from './plot.ts';
import { asMarkdown } from './report.ts';
import type { Report, ReportedRow } from './report.ts';

const PAGE = 'docs/performance.md';
const PLOT = 'docs/plots/verdicts.svg';
const [BEGIN, END] = ['<!-- measured: npm run bench -- --write-docs -->', '<!-- /measured -->'];
const OF_RULES = /^one verdict, ([\d,]+) rules$/;

/** Throws when the page has lost its marks. */
export async function writeDocs(report: Report): Promise<void> {
  const page = join(packageRoot(), PAGE);
  const text = readFileSync(page, 'utf8');
  const [start, end] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (start < 0 || end < start) throw new Error(`expected \`${BEGIN}\` and \`${END}\` in ${PAGE}`);
  const written = `${text.slice(0, start)}${BEGIN}\n\n${measured(report)}\n${text.slice(end)}`;
  writeFileSync(page, await format(written, { ...(await resolveConfig(page)), filepath: page }));
  const lines = verdictLines(report.rows);
  if (lines.length === 0) return;
  const plot = join(packageRoot(), PLOT);
  mkdirSync(dirname(plot), { recursive: true });
  const options = { title: 'One verdict', x: 'rules, and as many users', y: 'microseconds, median' };
  writeFileSync(plot, logPlot(lines, options));
}

function measured(report: Report): string {
  const rough = report.quick ? ' Run with `--quick`: the figures are rough.' : '';
  return `${machineLine(report.machine)}.${rough}\n\n${asMarkdown(report)}`;
}

/** The gate's line, and one of each engine it was compared with. */
function verdictLines(rows: readonly ReportedRow[]): Line[] {
  const lines = new Map<string, [number, number][]>([['gate', []]]);
  const figures = rows.find(({ name }) => name === 'verdict')?.figures ?? [];
  for (const { name, value, peer } of figures) {
    const rules = Number(OF_RULES.exec(name)?.[1]?.replaceAll(',', ''));
    if (peer === undefined || Number.isNaN(rules)) continue;
    const own = lines.get('gate');
    if (own?.every(([x]) => x !== rules) === true) own.push([rules, value.median]);
    lines.set(peer.name, [...(lines.get(peer.name) ?? []), [rules, peer.value.median]]);
  }
  return [...lines].map(([name, points]) => ({ name, points })).filter(({ points }) => points.length > 0);
}

/** The figures of a run, as they are printed, kept and published. */
import { describeMachine } from './machine.ts';
import type { Machine } from './machine.ts';
import { isReached, ratioOf } from './row.ts';
import type { Figure, Target } from './row.ts';
import type { Sample } from './statistics.ts';

export interface ReportedRow {
  readonly name: string;
  readonly title: string;
  readonly figures: readonly (Figure & { readonly ratio?: number; readonly reached?: boolean })[];
  /** How long the row took, seconds. */
  readonly seconds: number;
  /** Why there are none. */
  readonly skipped?: string;
}

export interface Report {
  readonly machine: Machine;
  /** Whether it was `--quick`, whose figures are rougher. */
  readonly quick: boolean;
  readonly rows: readonly ReportedRow[];
  /** How long the run took: its rows, and what lies between them. */
  readonly seconds: number;
}

export { describeMachine };

/** Adds what can be told from a figure to it. */
export function told(figure: Figure): ReportedRow['figures'][number] {
  const [ratio, reached] = [ratioOf(figure), isReached(figure)];
  return {
    ...figure,
    ...(ratio === undefined ? {} : { ratio }),
    ...(reached === undefined ? {} : { reached }),
  };
}

export const HEADINGS = ['figure', 'measured', 'peer', 'ratio', 'target', 'reached'] as const;

/** One line of the table for each figure. */
export function cellsOf(figure: ReportedRow['figures'][number]): string[] {
  const { name, unit, value, peer, ratio, target, reached, note } = figure;
  return [
    note === undefined ? name : `${name} (${note})`,
    withSpread(value, unit),
    peer === undefined ? '' : `${peer.name}: ${withSpread(peer.value, unit)}`,
    ratio === undefined ? '' : short(ratio),
    target === undefined ? '' : targetText(target, unit),
    reached === undefined ? '' : reached ? 'yes' : 'no',
  ];
}

function withSpread({ median, min, max, count }: Sample, unit: string): string {
  const spread = count > 1 ? ` (${short(min)}–${short(max)})` : '';
  return `${short(median)}${unit === '' ? '' : ` ${unit}`}${spread}`;
}

function targetText({ of, atMost, atLeast }: Target, unit: string): string {
  const suffix = of === 'ratio' ? ' times' : unit === '' ? '' : ` ${unit}`;
  return atMost === undefined ? `≥ ${short(atLeast ?? 0)}${suffix}` : `≤ ${short(atMost)}${suffix}`;
}

/** Three digits that count. */
export function short(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-GB');
  if (Math.abs(value) < 0.001) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}

/** For people at a terminal. */
export function asText({ rows, seconds }: Report): string {
  const lines = rows.flatMap(({ title, figures, skipped }) => [
    [`\n${title}${skipped === undefined ? '' : `: left out, ${skipped}`}`],
    ...figures.map(cellsOf),
  ]);
  const widths = HEADINGS.map((heading, at) =>
    Math.max(
      heading.length,
      ...lines.filter((cells) => cells.length > 1).map((cells) => (cells[at] ?? '').length),
    ),
  );
  const line = (cells: readonly string[]): string =>
    cells.length === 1
      ? (cells[0] ?? '')
      : cells
          .map((cell, at) => cell.padEnd(widths[at] ?? 0))
          .join('  ')
          .trimEnd();
  const each = rows.map((row) => `${row.name} ${row.seconds.toFixed(1)}`).join(', ');
  return `${[[...HEADINGS], ...lines].map(line).join('\n')}\n\n${seconds.toFixed(1)} s in all: ${each}\n`;
}

/** For a page. */
export function asMarkdown({ rows }: Report): string {
  const parts = rows.map(({ title, figures, skipped }) => {
    const head = `### ${title}\n\n`;
    if (skipped !== undefined) return `${head}Left out: ${skipped}.\n`;
    const table = [[...HEADINGS], HEADINGS.map(() => '---'), ...figures.map(cellsOf)];
    return `${head}${table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
  });
  return parts.join('\n');
}

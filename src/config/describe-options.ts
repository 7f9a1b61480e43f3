/** The options as text: for `--help`, and for docs/config.md. */
import type { Option } from './option.ts';
import { OPTIONS, OPTION_KEYS, environmentName } from './options.ts';

const ROWS: readonly Option[] = OPTION_KEYS.map((key) => OPTIONS[key]);

/** One paragraph for each flag, as `--help` shows them. */
export function describeOptions(): string {
  const flags = ROWS.filter((row) => row.places.includes('flag'));
  return flags
    .map((row) => `  --${row.name}${usage(row)}\n      ${row.doc} (default: ${plain(defaultOf(row))})\n`)
    .join('');
}

/** The table of docs/config.md, one row for each option. */
export function optionsTable(): string {
  const lines = ROWS.map((row) => {
    const flag = row.places.includes('flag') ? `\`--${row.name}${usage(row)}\`` : 'none';
    const key = row.places.includes('file') ? `\`${row.name}\`` : 'none';
    const variable = row.places.includes('environment') ? `\`${environmentName(row)}\`` : 'none';
    return `| ${[flag, variable, key, defaultOf(row), `${row.doc} Expected: ${row.kind.expected}.`].map(cell).join(' | ')} |`;
  });
  return [
    '| flag | environment | gate.yaml | default | what it does |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n');
}

function usage(row: Option): string {
  if (row.kind.placeholder === '') return '';
  return ` ${row.kind.placeholder}`;
}

function defaultOf(row: Option): string {
  if (row.fallbackText !== undefined) return row.fallbackText;
  return row.fallback === undefined ? 'none' : `\`${row.kind.show(row.fallback)}\``;
}

function plain(text: string): string {
  return text.replaceAll('`', '');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}

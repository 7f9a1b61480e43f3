/** Prints for a person, or as JSON with `--json`. */
import type { Column, Output, Row } from './command.ts';

/** An output that writes lines with `write`. */
export function createOutput(write: (text: string) => void, json: boolean): Output {
  const line = (text: string): void => write(`${text}\n`);
  const table: Output['table'] = (rows, columns) => {
    if (json) line(JSON.stringify(rows, null, 2));
    else for (const text of layOut(rows, columns)) line(text);
  };
  return {
    line: (text) => {
      if (!json) line(plain(text));
    },
    table,
    section({ heading, value, name, rows, columns }) {
      if (json) line(JSON.stringify({ ...(value as object), [name]: rows }, null, 2));
      else {
        line(plain(heading));
        table(rows, columns);
      }
    },
    raw: write,
    value: (value, text) => line(json ? JSON.stringify(value, null, 2) : plain(text)),
  };
}

function layOut(rows: readonly Row[], columns: readonly Column[]): string[] {
  if (rows.length === 0) return ['nothing there'];
  const cells = [
    columns.map((column) => (typeof column === 'string' ? column.replaceAll('_', ' ') : column.heading)),
    ...rows.map((row) =>
      columns.map((column) => (typeof column === 'string' ? cell(row[column]) : column.of(row))),
    ),
  ];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((text, index) => text.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '-';
  if (Array.isArray(value)) return value.map(cell).join(', ');
  return typeof value === 'string' ? plain(value).replace(/[\n\t]/g, ' ') : JSON.stringify(value);
}

/** Others chose these texts: what moves the cursor or turns the direction of writing must not reach the terminal. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) =>
    character === '\n' || character === '\t' ? character : '\u{fffd}',
  );
}

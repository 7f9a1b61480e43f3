/** Flags: `--name value`, `--name=value`, switches alone. */
import { parseArgs } from 'node:util';
import type { FieldProblem } from '../core/errors.ts';
import { OPTIONS, OPTION_KEYS } from './options.ts';
import type { Settings } from './option.ts';
import { unknownName } from './problem.ts';
import type { Written } from './problem.ts';
import { nearest } from './suggest.ts';

export interface SourceResult {
  readonly written: readonly Written[];
  readonly problems: readonly FieldProblem[];
}

/** What the command line says. The last of a repeated flag wins, but lists collect. */
export function readFlags(argv: readonly string[], cwd: string): SourceResult {
  const byName = new Map(
    OPTION_KEYS.filter((key) => OPTIONS[key].places.includes('flag')).map((key) => [OPTIONS[key].name, key]),
  );
  const problems: FieldProblem[] = [];
  const values = new Map<keyof Settings, unknown>();
  let unknownAt = Number.NaN;
  for (const token of tokensOf(argv, byName)) {
    // What follows an unknown flag is most likely its value: one problem is enough.
    if (token.kind === 'positional' && token.index !== unknownAt + 1) problems.push(notExpected(token.value));
    if (token.kind !== 'option') continue;
    const key = byName.get(token.name);
    if (key === undefined) {
      problems.push(notAFlag(token.name, token.rawName, [...byName.keys()]));
      if (token.value === undefined) unknownAt = token.index;
      continue;
    }
    const { kind } = OPTIONS[key];
    const given = token.value ?? (kind.placeholder === '' ? true : '');
    values.set(key, kind.many ? [...listOf(values.get(key)), given] : given);
  }
  return {
    written: [...values].map(([key, value]) => ({ key, value, source: `--${OPTIONS[key].name}`, base: cwd })),
    problems,
  };
}

function tokensOf(argv: readonly string[], byName: ReadonlyMap<string, keyof Settings>) {
  const options = Object.fromEntries(
    [...byName].map(([name, key]) => {
      const type: 'boolean' | 'string' = OPTIONS[key].kind.placeholder === '' ? 'boolean' : 'string';
      return [name, { type, multiple: true }];
    }),
  );
  return parseArgs({ args: [...argv], options, strict: false, tokens: true, allowPositionals: true }).tokens;
}

function notExpected(value: string): FieldProblem {
  return { at: 'the command line', message: `expected only flags, received \`${value}\`` };
}

function notAFlag(name: string, raw: string, known: readonly string[]): FieldProblem {
  const key = OPTION_KEYS.find((candidate) => OPTIONS[candidate].name === name);
  if (key === undefined) {
    const near = nearest(name, known);
    return unknownName(raw, raw, near === undefined ? undefined : `--${near}`);
  }
  const places = OPTIONS[key].secret
    ? 'the environment or a file, because flags show in the process list'
    : 'gate.yaml';
  return { at: raw, message: `expected this option only in ${places}` };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** gate.yaml: one mapping, the keys are the flags without dashes. */
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import type { FieldProblem } from '../core/errors.ts';
import { OPTIONS, OPTION_KEYS } from './options.ts';
import { unknownName } from './problem.ts';
import type { Written } from './problem.ts';
import type { SourceResult } from './read-flags.ts';
import { nearest } from './suggest.ts';

/** Text of a file, or undefined when it is not there; other failures throw. */
export type ReadFile = (path: string) => string | undefined;

const NOTHING: SourceResult = { written: [], problems: [] };

/** `file` as named by `--config` must exist; the default `gate.yaml` in `cwd` may be missing. */
export function readConfigFile(file: string | undefined, cwd: string, readFile: ReadFile): SourceResult {
  const path = file ?? join(cwd, 'gate.yaml');
  const label = file ?? 'gate.yaml';
  const text = attempt(() => readFile(path));
  if (text instanceof Error) return broken(label, `expected a readable file, received ${text.message}`);
  if (text !== undefined) return readYaml(text, label, dirname(path));
  return file === undefined ? NOTHING : broken('--config', `expected an existing file, received \`${file}\``);
}

function readYaml(text: string, label: string, base: string): SourceResult {
  const document = parseDocument(text);
  if (document.errors.length > 0) {
    return {
      written: [],
      problems: document.errors.map((error) => ({ at: label, message: yamlError(error.message) })),
    };
  }
  const content: unknown = attempt(() => document.toJS({ maxAliasCount: 0 }));
  if (content === null || content === undefined) return NOTHING;
  if (content instanceof Error || typeof content !== 'object' || Array.isArray(content)) {
    return broken(label, 'expected a mapping of options, one `name: value` in each line, without aliases');
  }
  return readKeys(content, label, base);
}

function readKeys(content: object, label: string, base: string): SourceResult {
  const byName = new Map(
    OPTION_KEYS.filter((key) => OPTIONS[key].places.includes('file')).map((key) => [OPTIONS[key].name, key]),
  );
  const written: Written[] = [];
  const problems: FieldProblem[] = [];
  for (const [name, value] of Object.entries(content)) {
    const key = byName.get(name);
    if (key === undefined)
      problems.push(unknownName(`${label}: ${name}`, name, nearest(kebab(name), [...byName.keys()])));
    else if (value !== null) written.push({ key, value, source: `${label}: ${name}`, base });
  }
  return { written, problems };
}

function broken(at: string, message: string): SourceResult {
  return { written: [], problems: [{ at, message }] };
}

/** The first sentence of the parser's message with its place; it draws the line below, which may hold a secret. */
function yamlError(message: string): string {
  return `expected YAML, received: ${message.split(':\n')[0] ?? message}`;
}

function kebab(name: string): string {
  return name
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase();
}

function attempt<T>(action: () => T): T | Error {
  try {
    return action();
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/**
 * The only door to the configuration: defaults < gate.yaml < environment < flags, everything checked, all problems
 * reported at once, the result frozen.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { FieldProblem } from '../core/errors.ts';
import { completeConfig } from './complete-config.ts';
import type { GateConfig } from './config.ts';
import { crossCheck } from './cross-check.ts';
import { extraRoutes } from './extra-routes.ts';
import type { Option, Settings } from './option.ts';
import { OPTIONS, OPTION_KEYS, RELATIVE_DEFAULTS } from './options.ts';
import { invalidValue } from './problem.ts';
import type { Written } from './problem.ts';
import { readEnvironment } from './read-environment.ts';
import type { Environment } from './read-environment.ts';
import { readConfigFile } from './read-file.ts';
import type { ReadFile } from './read-file.ts';
import { readFlags } from './read-flags.ts';

export interface ConfigSources {
  /** Flags only, without the name of the command. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly cwd: string;
  /** For tests; reads the disk when left out. */
  readonly readFile?: ReadFile;
}

/** The checked, deep-frozen configuration. Throws `CONFIG_INVALID` with one problem for each thing that is wrong. */
export function loadConfig(sources: ConfigSources): GateConfig {
  const readFile = sources.readFile ?? readFromDisk;
  const cwd = resolve(sources.cwd);
  const flags = readFlags(sources.argv, cwd);
  const environment = readEnvironment(sources.env, cwd);
  const named = [...flags.written, ...environment.written].find((one) => one.key === 'config');
  const configFile = named === undefined ? undefined : OPTIONS.config.kind.read(named.value, cwd);
  const file = readConfigFile(configFile, cwd, readFile);
  const problems = [...flags.problems, ...environment.problems, ...file.problems];
  const written = new Map(
    [...file.written, ...environment.written, ...flags.written].map((one) => [one.key, one]),
  );
  return settleConfig({ written, problems, cwd, readFile, configFile });
}

export interface Findings {
  /** The last writer of each option. */
  readonly written: ReadonlyMap<keyof Settings, Written>;
  /** What was found wrong so far; more is added. */
  readonly problems: FieldProblem[];
  /** Directory that relative defaults start from. */
  readonly cwd: string;
  readonly readFile: ReadFile;
  readonly configFile: string | undefined;
}

/** The checked, deep-frozen configuration of what was written. Throws `CONFIG_INVALID` with all problems. */
export function settleConfig({ written, problems, cwd, readFile, configFile }: Findings): GateConfig {
  const settings = settle(written, cwd, problems);
  const config = completeConfig({ settings, cwd, readFile, problems });
  problems.push(...crossCheck({ settings, config, written, configFile }));
  if (problems.length > 0) throw new AppError('CONFIG_INVALID', { detail: summary(problems), problems });
  return deepFreeze(config);
}

/** The last writer of each option wins; a value that cannot be read is a problem and the default stands in. */
function settle(
  written: ReadonlyMap<keyof Settings, Written>,
  cwd: string,
  problems: FieldProblem[],
): Settings {
  const entries = OPTION_KEYS.map((key) => {
    const row: Option = OPTIONS[key];
    const fallback = RELATIVE_DEFAULTS.includes(key) ? resolve(cwd, String(row.fallback)) : row.fallback;
    const given = written.get(key);
    if (given === undefined) return [key, fallback];
    const value = row.kind.read(given.value, given.base);
    if (value !== undefined) return [key, value];
    problems.push(...(key === 'routes' ? routeProblems(given) : [invalidValue(row, given)]));
    return [key, fallback];
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each kind reads the type of its row; fromEntries cannot say so
  return Object.fromEntries(entries) as Settings;
}

function routeProblems(given: Written): readonly FieldProblem[] {
  return extraRoutes.problems(given.value).map((message) => ({ at: given.source, message }));
}

function summary(problems: readonly FieldProblem[]): string {
  return problems.map((problem) => `${problem.at}: ${problem.message}`).join('; ');
}

/** Text of a file, undefined when it is not there. */
export function readFromDisk(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function deepFreeze<T extends object>(value: T): T {
  for (const inner of Object.values(value)) {
    if (typeof inner === 'object' && inner !== null) deepFreeze(inner);
  }
  return Object.freeze(value);
}

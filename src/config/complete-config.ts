/** From what the sources say to GateConfig: secrets read from their files, defaults that hang on other options. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { FieldProblem } from '../core/errors.ts';
import { packageRoot } from '../core/package-root.ts';
import type { GateConfig } from './config.ts';
import type { Settings } from './option.ts';
import type { ReadFile } from './read-file.ts';

export interface Draft {
  readonly settings: Settings;
  readonly cwd: string;
  readonly readFile: ReadFile;
  /** Problems found here are added. */
  readonly problems: FieldProblem[];
}

/** Never throws: what cannot be completed is a problem. */
export function completeConfig(draft: Draft): GateConfig {
  const { config: _file, upstreamTokenFile, adminTokenFile, ...rest } = draft.settings;
  return {
    ...rest,
    upstreamToken: rest.upstreamToken ?? readSecret(draft, 'upstream-token-file', upstreamTokenFile),
    adminToken: rest.adminToken ?? readSecret(draft, 'admin-token-file', adminTokenFile),
    database: rest.database ?? `sqlite:${join(rest.data, 'gate.sqlite')}`,
    model: rest.model ?? defaultModel(draft.cwd),
  };
}

function readSecret(draft: Draft, name: string, path: string | undefined): string | undefined {
  if (path === undefined) return undefined;
  const text = attempt(() => draft.readFile(path))?.trim();
  if (text !== undefined && /^[\x21-\x7e]+$/.test(text)) return text;
  const received = text === undefined ? 'no readable file' : 'something else';
  draft.problems.push({
    at: name,
    message: `expected \`${path}\` to hold one line without blanks, received ${received}`,
  });
  return undefined;
}

function defaultModel(cwd: string): string {
  const own = join(cwd, 'model.conf');
  return existsSync(own) ? own : join(packageRoot(), 'model.conf');
}

function attempt(read: () => string | undefined): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

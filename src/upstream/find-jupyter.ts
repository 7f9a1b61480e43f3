/** Finds a Jupyter to start: on PATH, else in the project's virtual environment, else installs one. */
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { AppError } from '../core/errors.ts';
import { installDebianJupyter } from './install-debian.ts';
import { installVenv, readyVenv } from './install-venv.ts';
import { withoutOwnNames } from './jupyter-environment.ts';
import type { Environment } from './jupyter-environment.ts';
import { runCommand } from './run-command.ts';

export interface FoundJupyter {
  /** Absolute path of the `jupyter` command. */
  readonly command: string;
  /** Version of jupyter_server. */
  readonly serverVersion: string;
  /** Version of JupyterLab; undefined when only the classic notebook is there. */
  readonly labVersion: string | undefined;
}

export interface FindOptions {
  readonly env: Environment;
  /** Where a virtual environment is looked for and, if need be, made. */
  readonly venvDir: string;
  /** requirements.txt with the pinned versions. */
  readonly requirements: string;
  /** Told about each long step. */
  progress(text: string): void;
  /** Ends what is under way, so that nobody waits for an installation they have given up. */
  readonly signal?: AbortSignal | undefined;
  /** Skips PATH and the system's packages: the pinned versions or nothing. */
  readonly pinnedOnly?: boolean;
  /** How long a Jupyter that is there may take to tell its version, milliseconds. */
  readonly probeTimeout?: number;
}

const PROBE_TIMEOUT = 60_000;

/**
 * A Jupyter that can be started. Throws `JUPYTER_MISSING` with what was tried, `JUPYTER_SLOW` when one is there but does not
 * tell its version in time, and the reason of `signal` when it was aborted.
 */
export async function findJupyter(options: FindOptions): Promise<FoundJupyter> {
  if (options.pinnedOnly !== true) {
    const command = await onPath('jupyter', options.env);
    const found = command === undefined ? undefined : await probe(command, options);
    if (found?.labVersion !== undefined) return found;
  }
  const ready = await readyVenv(options);
  if (ready !== undefined) return ready;
  const installed = await installVenv(options);
  options.signal?.throwIfAborted();
  if ('command' in installed) return installed;
  // Not ended half way: what a package manager leaves then is worse than waiting for it.
  const packaged = options.pinnedOnly === true ? undefined : await installDebianJupyter(options);
  options.signal?.throwIfAborted();
  if (packaged !== undefined) {
    const found = await probe(packaged, options);
    if (found !== undefined) return found;
  }
  throw new AppError('JUPYTER_MISSING', { detail: installed.reason });
}

type ProbeOptions = Pick<FindOptions, 'env' | 'probeTimeout'>;

/** Versions of the Jupyter at `command`; undefined when it has no working server. Throws `JUPYTER_SLOW`. */
async function probe(command: string, options: ProbeOptions): Promise<FoundJupyter | undefined> {
  const [serverVersion, labVersion] = await Promise.all([
    versionOf(command, 'server', options),
    versionOf(command, 'lab', options),
  ]);
  return serverVersion === undefined ? undefined : { command, serverVersion, labVersion };
}

async function versionOf(
  command: string,
  part: string,
  { env, probeTimeout: timeout = PROBE_TIMEOUT }: ProbeOptions,
): Promise<string | undefined> {
  const result = await runCommand(command, [part, '--version'], { env: withoutOwnNames(env), timeout });
  // Slow is not missing: another would be installed beside it.
  if (result.timedOut) {
    const detail = `expected \`${command} ${part} --version\` to answer within ${timeout / 1000} s`;
    throw new AppError('JUPYTER_SLOW', { detail });
  }
  const version = result.lines.find((line) => /^\d+\.\d+/.test(line));
  return result.code === 0 ? version?.trim() : undefined;
}

async function onPath(name: string, env: Environment): Promise<string | undefined> {
  const directories = (env['PATH'] ?? '').split(delimiter).filter((directory) => isAbsolute(directory));
  for (const directory of directories) {
    const path = join(directory, name);
    const usable = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (usable) return path;
  }
  return undefined;
}

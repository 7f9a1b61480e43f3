/** Starts a Jupyter Server of our own on a Unix socket, keeps it running, and ends it with its kernels. */
import { access, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { AppError } from '../core/errors.ts';
import type { Clock } from '../core/clock.ts';
import type { FoundJupyter } from './find-jupyter.ts';
import { jupyterArguments } from './jupyter-arguments.ts';
import { allowedEnvironment } from './jupyter-environment.ts';
import type { Environment } from './jupyter-environment.ts';
import { runJupyter } from './jupyter-process.ts';
import type { JupyterProcess, RunOptions } from './jupyter-process.ts';
import { killLeftovers } from './leftovers.ts';
import type { OsAccount } from './os-account.ts';
import { WELCOME_NOTEBOOK } from './prepare-notebook-dir.ts';
import { privateDirectory } from './private-directory.ts';
import type { PrivateDirectory } from './private-directory.ts';
import { supervise } from './supervise.ts';
import { answeredVersion, untilAnswer } from './until-answer.ts';
import type { OwnAddress } from './until-answer.ts';
import type { UpstreamLog } from './upstream-log.ts';
import type { UpstreamServer } from './upstream.ts';

export interface StartOptions {
  readonly jupyter: FoundJupyter;
  readonly notebookDir: string;
  readonly baseUrl: string;
  /** Only when we are root; undefined runs it under our own account. */
  readonly runAs?: OsAccount | undefined;
  readonly env: Environment;
  readonly log: UpstreamLog;
  readonly clock: Clock;
  /** Milliseconds until the first start counts as failed. */
  readonly startTimeout?: number;
  /** Milliseconds Jupyter has to end its kernels. */
  readonly stopTimeout?: number;
}

/** A server of our own also tells its process, which changes with each restart. */
export interface OwnServer extends UpstreamServer {
  pid(): number | undefined;
}

const START_TIMEOUT = 120_000;
const STOP_TIMEOUT = 10_000;

/** Resolves when it answers. Throws `JUPYTER_FAILED` after logging its last lines. */
export async function startJupyter(options: StartOptions): Promise<OwnServer> {
  const place = await privateDirectory(options.runAs);
  const address = { origin: 'http://localhost', socketPath: place.socketPath, baseUrl: options.baseUrl };
  const run = runOptions(options, place);
  let current = runJupyter(run);
  const version = await firstAnswer(options, address, current).catch(async (error: unknown) => {
    await current.end(0);
    await place.remove();
    throw error;
  });
  const stopping = new AbortController();
  const restart = async () => {
    await killLeftovers(place.runtimeDir);
    await rm(place.socketPath, { force: true });
    if (!stopping.signal.aborted) current = runJupyter(run);
    announce(options, address, current);
    return current;
  };
  const supervised = supervise({
    first: current,
    clock: options.clock,
    log: options.log,
    signal: stopping.signal,
    restart,
  });
  return {
    origin: address.origin,
    socketPath: address.socketPath,
    token: undefined,
    version,
    pid: () => current.pid,
    healthy: async () => (await answeredVersion(address)) !== undefined,
    welcomePage: () => welcomePage(options),
    async stop() {
      stopping.abort();
      await current.end(options.stopTimeout ?? STOP_TIMEOUT);
      await supervised;
      await place.remove();
    },
  };
}

async function welcomePage({ notebookDir, jupyter }: StartOptions): Promise<string | undefined> {
  const isThere = await access(join(notebookDir, WELCOME_NOTEBOOK)).then(
    () => true,
    () => false,
  );
  if (!isThere) return undefined;
  return `${jupyter.labVersion === undefined ? 'notebooks' : 'lab/tree'}/${WELCOME_NOTEBOOK}`;
}

function runOptions(options: StartOptions, place: PrivateDirectory): RunOptions {
  const { jupyter, notebookDir, baseUrl, runAs, log } = options;
  const asRoot = process.getuid?.() === 0 && runAs === undefined;
  const inherited = allowedEnvironment(options.env);
  const account =
    runAs === undefined
      ? {}
      : { HOME: runAs.home, USER: runAs.name, LOGNAME: runAs.name, SHELL: runAs.shell };
  return {
    command: jupyter.command,
    args: jupyterArguments({ jupyter, notebookDir, baseUrl, socketPath: place.socketPath, asRoot }),
    env: {
      ...inherited,
      ...account,
      JUPYTER_RUNTIME_DIR: place.runtimeDir,
      JUPYTER_CONFIG_PATH: [place.configDir, inherited['JUPYTER_CONFIG_PATH']]
        .filter(Boolean)
        .join(delimiter),
    },
    cwd: notebookDir,
    runAs,
    runtimeDir: place.runtimeDir,
    log,
  };
}

async function firstAnswer(
  options: StartOptions,
  address: OwnAddress,
  current: JupyterProcess,
): Promise<string> {
  const { clock, log, startTimeout: timeout = START_TIMEOUT } = options;
  const outcome = await untilAnswer({ address, process: current, clock, timeout });
  if (outcome.version !== undefined) return outcome.version;
  for (const line of current.lastLines()) log.error(`jupyter: ${line}`);
  throw new AppError('JUPYTER_FAILED', {
    detail: `expected an answer on its socket, received ${outcome.failure}`,
  });
}

/** Logs when a restarted server is back; a failure shows in the supervisor's own lines. */
function announce({ clock, log }: StartOptions, address: OwnAddress, current: JupyterProcess): void {
  void untilAnswer({ address, process: current, clock, timeout: START_TIMEOUT }).then(({ version }) => {
    if (version !== undefined) log.info(`the Jupyter Server answers again (${version})`);
    return version;
  });
}

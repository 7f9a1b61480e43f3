/** The server the gate stands in front of: the one that was named, else one of our own. */
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { packageRoot } from '../core/package-root.ts';
import { connectUpstream } from './connect-upstream.ts';
import { findJupyter } from './find-jupyter.ts';
import type { Environment } from './jupyter-environment.ts';
import { osAccount } from './os-account.ts';
import { prepareNotebookDir } from './prepare-notebook-dir.ts';
import { startJupyter } from './start-jupyter.ts';
import type { UpstreamLog } from './upstream-log.ts';
import type { UpstreamServer } from './upstream.ts';

/** What of the configuration decides about the server. */
export interface UpstreamConfig {
  readonly upstream: string | undefined;
  readonly upstreamToken: string | undefined;
  readonly notebookDir: string;
  readonly jupyterUser: string | undefined;
  readonly baseUrl: string;
}

export interface UpstreamDeps {
  readonly env: Environment;
  /** The virtual environment is looked for, and if need be made, in `.venv-jupyter` here. */
  readonly cwd: string;
  readonly log: UpstreamLog;
  readonly clock: Clock;
  /** Ends an installation that is under way. */
  readonly signal?: AbortSignal | undefined;
  /** Told about each long step. */
  progress(text: string): void;
}

/** Throws `UPSTREAM_UNREACHABLE`, `JUPYTER_MISSING`, `JUPYTER_SLOW`, `JUPYTER_FAILED` or `CONFIG_INVALID`. */
export async function openUpstream(config: UpstreamConfig, deps: UpstreamDeps): Promise<UpstreamServer> {
  if (config.upstream !== undefined) {
    return connectUpstream({ url: config.upstream, token: config.upstreamToken, baseUrl: config.baseUrl });
  }
  return ownServer(config, deps);
}

async function ownServer(config: UpstreamConfig, deps: UpstreamDeps): Promise<UpstreamServer> {
  const share = join(packageRoot(), 'share');
  const { env, log, clock } = deps;
  const runAs = config.jupyterUser === undefined ? undefined : await osAccount(config.jupyterUser, env);
  const jupyter = await findJupyter({
    env,
    venvDir: join(deps.cwd, '.venv-jupyter'),
    requirements: join(share, 'jupyter-requirements.txt'),
    signal: deps.signal,
    progress: (text) => deps.progress(text),
  });
  const { notebookDir, baseUrl } = config;
  const created = await prepareNotebookDir({
    notebookDir,
    welcome: join(share, 'welcome.ipynb'),
    owner: runAs,
  });
  if (created) log.info(`created \`${notebookDir}\` with a welcome notebook`);
  if (runAs === undefined) {
    log.warn("whoever may execute has the gate's own account: see docs/threats.md, or use `--jupyter-user`");
  }
  deps.progress(
    `starting ${jupyter.labVersion === undefined ? 'the classic notebook' : `JupyterLab ${jupyter.labVersion}`}`,
  );
  return startJupyter({ jupyter, notebookDir, baseUrl, runAs, env, log, clock });
}

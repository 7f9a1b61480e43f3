/**
 * The command line of a Jupyter that we start. What is set here wins over the account's own configuration files.
 * No token: the socket lies in a directory that only this account enters, and a token would be readable for kernels.
 */
import type { FoundJupyter } from './find-jupyter.ts';

export interface JupyterPlan {
  readonly jupyter: FoundJupyter;
  readonly notebookDir: string;
  /** Begins and ends with `/`. */
  readonly baseUrl: string;
  readonly socketPath: string;
  /** Jupyter refuses to run as root unless told. */
  readonly asRoot: boolean;
}

/** Arguments after the `jupyter` command. */
export function jupyterArguments(plan: JupyterPlan): readonly string[] {
  const { serverVersion, labVersion } = plan.jupyter;
  const options: readonly (readonly [name: string, value: string])[] = [
    ['ServerApp.sock', plan.socketPath],
    ['ServerApp.sock_mode', '0600'],
    ['ServerApp.root_dir', plan.notebookDir],
    ['ServerApp.base_url', plan.baseUrl],
    ['ServerApp.open_browser', 'False'],
    ['ServerApp.allow_root', plan.asRoot ? 'True' : 'False'],
    ['ServerApp.terminals_enabled', 'True'],
    ['ServerApp.certfile', ''],
    ['ServerApp.keyfile', ''],
    // The classic notebook would tell each person that it has a successor.
    ['NotebookApp.show_banner', 'False'],
    ...(major(serverVersion) >= 2 ? NO_CREDENTIAL : NO_CREDENTIAL_1),
    ...(labVersion === undefined
      ? [['ServerApp.default_url', '/tree'] as const]
      : major(labVersion) >= 4
        ? NO_NEWS
        : []),
  ];
  return [
    labVersion === undefined ? 'server' : 'lab',
    ...options.map(([name, value]) => `--${name}=${value}`),
  ];
}

const NO_CREDENTIAL = [
  ['IdentityProvider.token', ''],
  ['PasswordIdentityProvider.token', ''],
  ['PasswordIdentityProvider.hashed_password', ''],
] as const;
/** jupyter_server 1.x has no identity provider. */
const NO_CREDENTIAL_1 = [
  ['ServerApp.token', ''],
  ['ServerApp.password', ''],
] as const;
/** JupyterLab would ask each person whether to fetch news from the internet. */
const NO_NEWS = [
  ['LabApp.news_url', 'None'],
  ['LabApp.check_for_updates_class', 'jupyterlab.NeverCheckForUpdate'],
] as const;

function major(version: string): number {
  return Number.parseInt(version, 10);
}

/** Last resort: the Jupyter of Debian or Ubuntu, when pip has nothing to install from and we may install packages. */
import type { FindOptions } from './find-jupyter.ts';
import { withoutOwnNames } from './jupyter-environment.ts';
import { runCommand } from './run-command.ts';

/** Names over the releases; bookworm has no `jupyterlab`, there `/tree` is the only interface. */
const PACKAGES = ['jupyter-core', 'jupyter-server', 'python3-nbclassic', 'python3-ipykernel', 'jupyterlab'];
const COMMAND = '/usr/bin/jupyter';
const TIMEOUT = 30 * 60_000;

/** The command when the packages could be installed; undefined when this is no such system or we are not root. */
export async function installDebianJupyter(
  options: Pick<FindOptions, 'env' | 'progress'>,
): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const env = { ...withoutOwnNames(options.env), DEBIAN_FRONTEND: 'noninteractive' };
  const run = (program: string, args: readonly string[]) =>
    runCommand(program, args, { env, timeout: TIMEOUT });
  if ((await run('apt-get', ['--version'])).code !== 0) return undefined;
  options.progress("pip could not install Jupyter: looking among the system's packages");
  await run('apt-get', ['update']);
  const known: string[] = [];
  for (const name of PACKAGES) {
    if ((await run('apt-cache', ['show', name])).code === 0) known.push(name);
  }
  if (!known.includes('jupyter-server')) return undefined;
  options.progress(`installing ${known.join(', ')} with apt-get`);
  const installed = await run('apt-get', ['install', '-y', '--no-install-recommends', ...known]);
  return installed.code === 0 ? COMMAND : undefined;
}

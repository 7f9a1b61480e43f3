/** The Jupyter Servers that the gate is compared with: the pinned 2.x, and 1.x where the system has one. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { testTools } from '../../support/tools.ts';
import type { Server } from './stage.ts';

/** Where Debian and Ubuntu put the `jupyter` of python3-jupyter-server. */
const PACKAGED = '/usr/bin/jupyter';

/** The pinned one. */
export function currentServer(): Server {
  const { command, serverVersion } = testTools().jupyter;
  return { command, version: serverVersion, part: 'lab' };
}

/**
 * A jupyter_server 1.x: `TEST_JUPYTER_1` names its `jupyter`, otherwise the system's packages are looked at. A string
 * says why there is none.
 */
export async function olderServer(): Promise<Server | string> {
  const command = process.env['TEST_JUPYTER_1'] ?? PACKAGED;
  try {
    const { stdout } = await promisify(execFile)(command, ['server', '--version'], { timeout: 60_000 });
    const version = stdout.trim();
    if (version.startsWith('1.')) return { command, version, part: 'server' };
    return `${command} is jupyter_server ${version}`;
  } catch {
    return `${command} is not there: install python3-jupyter-server, or name one in TEST_JUPYTER_1`;
  }
}

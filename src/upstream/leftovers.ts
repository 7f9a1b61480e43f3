/**
 * Processes a Jupyter leaves behind. Kernels and terminals are sessions of their own, so the process group does not
 * hold them; their environment does: all inherit the runtime directory we made for this one server.
 */
import { readFile, readdir } from 'node:fs/promises';

/** Ids of the processes whose environment has `JUPYTER_RUNTIME_DIR=runtimeDir`; empty where there is no /proc. */
export async function processesOf(runtimeDir: string): Promise<readonly number[]> {
  const mark = `JUPYTER_RUNTIME_DIR=${runtimeDir}`;
  const ids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    ids.map(async (id) => {
      const environment = await readFile(`/proc/${id}/environ`, 'utf8').catch(() => '');
      return environment.split('\0').includes(mark) ? Number(id) : undefined;
    }),
  );
  return found.filter((id) => id !== undefined);
}

/** Kills them at once; those that end meanwhile are no error. */
export async function killLeftovers(runtimeDir: string): Promise<number> {
  const ids = await processesOf(runtimeDir);
  for (const id of ids) signalProcess(id, 'SIGKILL');
  return ids.length;
}

/** Sends `signal` to a process, or to a group when `id` is negative; false when there is none. */
export function signalProcess(id: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(id, signal);
  } catch {
    return false;
  }
}

/** What other processes cost, as the Linux kernel counts it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** Whether this machine tells. */
export const canMeasureProcesses = existsSync('/proc/self/schedstat');

/** Microseconds of processor time that all threads of these processes have had, in the kernel and outside. */
export function processorTime(pids: readonly number[]): number {
  const threads = pids.flatMap((pid) =>
    readdirSync(`/proc/${pid}/task`).map((tid) => `/proc/${pid}/task/${tid}`),
  );
  const nanoseconds = threads.map((thread) =>
    Number(readFileSync(`${thread}/schedstat`, 'latin1').split(' ')[0]),
  );
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1000;
}

/** Bytes of memory that are resident now, and the most that ever were. */
export function residentMemory(pid: number): { readonly now: number; readonly most: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  const bytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) * 1024;
  return { now: bytes('VmRSS'), most: bytes('VmHWM') };
}

/** How many files and sockets a process of ours may have open. */
export function openFilesLimit(): number {
  const limits = readFileSync('/proc/self/limits', 'latin1');
  return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 1024);
}

/** Memory is settled once it no longer falls: collectors run late. */
export async function settledMemory(pid: number, patience = 1500): Promise<number> {
  let least = residentMemory(pid).now;
  for (let seen = Date.now(); Date.now() - seen < patience;) {
    await pause(100);
    const { now } = residentMemory(pid);
    if (now >= least * 0.99) continue;
    least = now;
    seen = Date.now();
  }
  return least;
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

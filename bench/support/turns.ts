/** How long the turns of the event loop are while something is done: a request that comes meanwhile waits for one of them. */
import { readFileSync } from 'node:fs';

/** Processor time of each turn in milliseconds, the longest first; what else the machine does is not in it. */
export async function turnsOf(work: () => Promise<unknown>): Promise<readonly number[]> {
  const turns: number[] = [];
  let isRunning = true;
  let since = threadTime();
  const look = (): void => {
    turns.push(threadTime() - since);
    since = threadTime();
    if (isRunning) setImmediate(look);
  };
  setImmediate(look);
  await work();
  isRunning = false;
  await new Promise(setImmediate);
  return turns.sort((a, b) => b - a);
}

/**
 * Of this process's first thread, as the Linux kernel counts it, in milliseconds. Of a thread that runs it only counts at every
 * tick of its clock, some 4 ms apart, which would make turns of 6 ms some of 10; asked for the time of the process it counts now.
 */
function threadTime(): number {
  process.cpuUsage();
  return Number(readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
}

/** What a process holds, as Linux tells it. */
import { readdirSync, readFileSync } from 'node:fs';

/** Open file descriptors of the process. */
export function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}

/** Resident memory of the process, bytes (`VmRSS`, proc_pid_status(5)). */
export function residentBytesOf(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}

/** Where the figures come from. */
import { cpus, loadavg, totalmem } from 'node:os';

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
  readonly platform: string;
  /** Of the last minute, when the run began: more than about 0.5 means that others worked here too. */
  readonly loadAtStart: number;
  readonly at: string;
}

export function describeMachine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    loadAtStart: loadavg()[0] ?? 0,
    at: new Date().toISOString(),
  };
}

export function machineLine(machine: Machine): string {
  const { cpu, cores, memoryGb, node, platform, loadAtStart, at } = machine;
  return `${cpu}, ${cores} cores, ${memoryGb} GB, Node ${node}, ${platform}, load at start ${loadAtStart.toFixed(2)}, ${at}`;
}

/** All requests: what is ordinary, what was thought of, and what chance made. */
import type { Attack } from './attack.ts';
import { generated } from './generated.ts';
import { hostileBodies } from './hostile-bodies.ts';
import { hostileRequests } from './hostile-requests.ts';
import { hostileTargets } from './hostile-targets.ts';
import { ordinary } from './ordinary.ts';

/** Requests that were found to lead somewhere, as a run prints them, kept for ever. */
export const FOUND: readonly Attack[] = [];

/** The corpus with `count` generated requests of `seed`, each request once. */
export function corpus(count: number, seed: number): readonly Attack[] {
  const all = [
    ...FOUND,
    ...ordinary(),
    ...hostileTargets(),
    ...hostileBodies(),
    ...hostileRequests(),
    ...generated(count, seed),
  ];
  return [
    ...new Map(all.map((attack) => [JSON.stringify({ ...attack, ordinary: undefined }), attack])).values(),
  ];
}

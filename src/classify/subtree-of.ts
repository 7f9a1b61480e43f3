/** What a request moves, copies or deletes together with everything below it. */
import type { Subtree } from '../core/classified.ts';
import type { Parts, RouteRow } from './route.ts';

/** The subtree of a row of this `kind`; undefined where the request names none. */
export function subtreeOf(kind: RouteRow['subtree'], { paths }: Parts): Subtree | undefined {
  const { path, source, destination, entry } = paths;
  if (kind === undefined || path === undefined) return undefined;
  if (kind === 'delete') return { kind, source: path, destination: path };
  if (kind === 'move') return destination && { kind, source: path, destination };
  return source && entry && { kind, source, destination: entry };
}

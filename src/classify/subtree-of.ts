/** What a request moves, copies or deletes together with everything below it. */
import { joinPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import type { Subtree } from '../core/classified.ts';
import type { Parts, RouteRow } from './route.ts';

/** Taken out of the name of a copy before it is copied again (jupyter_server/services/contents/manager.py, `copy_pat`). */
const COPY_MARK = /-Copy\d*\./g;

/** The subtree of a row of this `kind`; undefined where the request names none. */
export function subtreeOf(kind: RouteRow['subtree'], { paths }: Parts): Subtree | undefined {
  const { path, source, destination } = paths;
  if (kind === undefined || path === undefined) return undefined;
  if (kind === 'delete') return { kind, source: path, destination: path };
  if (kind === 'move') return destination && { kind, source: path, destination };
  return source && { kind, source, destination: copyIn(path, source) };
}

/** Upstream may add a number to this name; that one is not known before. */
function copyIn(directory: CanonicalPath, source: CanonicalPath): CanonicalPath {
  const name = source.slice(source.lastIndexOf('/') + 1).replace(COPY_MARK, '.');
  return name === '' ? directory : joinPath(directory, name);
}

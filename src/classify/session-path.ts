/** Which notebook a session is about, when its path does not say. */
import { canonicalPath, joinPath, parentPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import { AppError } from '../core/errors.ts';

const PLACEHOLDER = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

/**
 * The path to ask. JupyterLab opens a session under `<directory>/<uuid4>` with the notebook's name beside it and renames
 * it afterwards (services/session); then the notebook is meant, or its directory when the name is not one segment.
 */
export function askedPath(path: CanonicalPath, name: string | undefined): CanonicalPath {
  const last = path.slice(path.lastIndexOf('/') + 1);
  if (!PLACEHOLDER.test(last)) return path;
  const directory = parentPath(path);
  return name !== undefined && isSegment(name) ? joinPath(directory, name) : directory;
}

function isSegment(name: string): boolean {
  if (name === '' || name.includes('/')) return false;
  try {
    return canonicalPath(name) === `/${name}`;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

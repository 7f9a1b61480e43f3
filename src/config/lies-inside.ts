/** Whether a path lies in a directory, symbolic links followed as far as they exist. */
import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';

/** True for the directory itself too. Both are absolute; neither has to exist. */
export function liesInside(path: string, directory: string): boolean {
  const way = relative(real(directory), real(path));
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
}

/** The real path of the longest part that exists, with the rest as written. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(real(parent), basename(path));
  }
}

/** Where the package lies: `share/`, `migrations/` and model.conf are found from here, built or not. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the directory that holds the gate's own package.json: the same from `src/` and from `dist/src/`. */
export function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory);
    if (parent === directory)
      throw new TypeError('the package.json of the gate is missing from its installation');
    directory = parent;
  }
  return directory;
}

/** `npm run clean`: removes what is built and cached; never `.jupyter-gate` or `notebooks`, which are people's work. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

for (const name of ['dist', 'coverage', '.cache', '.venv-jupyter']) {
  rmSync(join(root, name), { recursive: true, force: true });
}

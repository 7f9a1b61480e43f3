/** Compiles `src` and `migrations` to `dist` and bundles the program; with `--if-needed` only when something there is newer. */
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bin, progress, root, run } from './run.mjs';

const STAMP = join(root, 'dist', '.built');
const SOURCES = ['src', 'migrations', 'tsconfig.json', 'tsconfig.build.json', 'package.json'];

export async function build({ ifNeeded = false } = {}) {
  if (ifNeeded && !isOlder()) return 0;
  progress('building');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  let code = await run(bin('tsc'), ['-p', 'tsconfig.build.json']);
  if (code === 0) code = await bundleProgram();
  if (code === 0) writeFileSync(STAMP, '');
  return code;
}

/** Loaded here: without the packages of the project there is nothing to bundle with, and `tsc` has said so. */
async function bundleProgram() {
  const { bundle } = await import('./bundle.mjs');
  return bundle();
}

function isOlder() {
  const built = statSync(STAMP, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return SOURCES.some((name) => newest(join(root, name)) > built);
}

/** The directory's own time counts too: it changes when a file in it is removed. */
function newest(path) {
  const info = statSync(path, { throwIfNoEntry: false });
  if (info === undefined) return 0;
  if (!info.isDirectory()) return info.mtimeMs;
  return Math.max(info.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  process.exit(await build({ ifNeeded: process.argv.includes('--if-needed') }));
}

/** `npm run bench`: builds when needed, installs what the gate is compared with, then runs the bench. Arguments go to it. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from './build.mjs';
import { inOrder, progress, root, run } from './run.mjs';

const PEERS = join(root, 'bench');
/** npm writes it at the end of an install. */
const INSTALLED = join(PEERS, 'node_modules', '.package-lock.json');

/** Standard output is the bench's alone. */
const quiet = { stdio: ['ignore', 2, 2] };

function installPeers() {
  const lock = statSync(join(PEERS, 'package-lock.json')).mtimeMs;
  if (existsSync(INSTALLED) && statSync(INSTALLED).mtimeMs >= lock) return 0;
  progress('installing the packages of bench/package.json');
  return run('npm', ['ci', '--no-audit', '--no-fund'], { ...quiet, cwd: PEERS });
}

await inOrder([
  () => build({ ifNeeded: true }),
  () => installPeers(),
  () => run(process.execPath, ['--import', 'tsx', join('bench', 'main.ts'), ...process.argv.slice(2)]),
]);

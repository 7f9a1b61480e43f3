/** `npm start -- FLAGS`: builds when needed, then `jupyter-gate serve FLAGS`. Ctrl-C reaches the gate and ends it cleanly. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from './build.mjs';
import { root } from './run.mjs';

const code = await build({ ifNeeded: true });
if (code !== 0) process.exit(code);

const gate = spawn(
  process.execPath,
  [join(root, 'bin', 'jupyter-gate.js'), 'serve', ...process.argv.slice(2)],
  {
    cwd: root,
    stdio: 'inherit',
    // Its own process group: Ctrl-C in a terminal would otherwise reach the gate twice, and a second one means "at once".
    detached: !process.stdin.isTTY,
  },
);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  // In a terminal the system itself sends SIGINT to both of us.
  process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : gate.kill(signal)));
}
gate.once('exit', (status, signal) => process.exit(status ?? (signal === 'SIGINT' ? 130 : 143)));

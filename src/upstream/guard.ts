/**
 * Ends Jupyter when the gate is killed and can do nothing itself. A small shell holds the other end of a pipe: the
 * system closes ours whatever way we end, and the shell then does what `stop` would have done.
 */
import { spawn } from 'node:child_process';

const SCRIPT = `read -r _
kill -TERM "$1" || exit 0
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" || break; sleep 1; done
kill -KILL "-$1"
rm -rf -- "$2"`;

/** Watches over `pid` until the returned function is called; call it as soon as that process has ended. */
export function guardProcess(pid: number, directory: string): () => void {
  // A session of its own: Ctrl-C and a closed terminal must not end it before us.
  const guard = spawn('/bin/sh', ['-c', SCRIPT, 'jupyter-gate-guard', String(pid), directory], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
  });
  // Without a shell there is no guard, and nothing else changes.
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  return () => void guard.kill('SIGKILL');
}

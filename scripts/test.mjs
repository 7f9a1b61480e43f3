/**
 * `npm test`: prepares, builds, then all suites, the slow half beside the quick one: the slow half mostly waits for servers
 * and browsers. Arguments go to mocha, which then runs by itself.
 */
import { spawn } from 'node:child_process';
import { build } from './build.mjs';
import { prepareTests } from './prepare-tests.mjs';
import { bin, inOrder, root, run } from './run.mjs';

const SLOW = ['test/browser/**', 'test/integration/**'];
/** Everything else, so that a new folder is run without being named here. */
const QUICK = ['test/**/*.test.ts', ...SLOW.flatMap((each) => ['--ignore', each])];
const CLOSING = /^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm;

const wished = process.argv.slice(2);
await inOrder([
  () => prepareTests(),
  () => build({ ifNeeded: true }),
  () => (wished.length > 0 ? run(bin('mocha'), ['--exit', ...wished]) : everything()),
]);

/** The slow half is shown as it runs, the other after it, and one closing line counts both. */
async function everything() {
  const slow = mocha(
    SLOW.map((each) => `${each}/*.test.ts`),
    (chunk) => process.stdout.write(chunk),
  );
  const quick = mocha(QUICK, () => {});
  const halves = await Promise.all([slow, quick]);
  process.stdout.write(halves[1].output);
  const counts = halves.map(({ output }) => [...output.matchAll(CLOSING)].at(-1)?.slice(1).map(Number));
  if (counts.includes(undefined)) {
    process.stderr.write('one half of the tests broke off before its closing line\n');
    return 1;
  }
  const [passed, failed, skipped] = [0, 1, 2].map((which) =>
    counts.reduce((sum, count) => sum + (count[which] || 0), 0),
  );
  process.stdout.write(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  return Math.max(...halves.map(({ code }) => code));
}

/** Runs mocha, hands on what it says, and answers with all of it and its exit code. */
function mocha(args, say) {
  return new Promise((resolve) => {
    const options = { cwd: root, stdio: ['inherit', 'pipe', 'pipe'] };
    const child = spawn(bin('mocha'), ['--exit', ...args], options);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output += text;
        say(text);
      });
    }
    child.once('error', () => resolve({ output, code: 127 }));
    child.once('close', (code) => resolve({ output, code: code ?? 1 }));
  });
}

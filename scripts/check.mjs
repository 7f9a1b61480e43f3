/** `npm run check`: format, lint, types, architecture. All run, so that one visit shows everything. */
import { bin, progress, run } from './run.mjs';

const CHECKS = [
  ['format', 'prettier', ['--check', '--log-level', 'warn', '.']],
  ['lint', 'oxlint', ['--type-aware']],
  ['types', 'tsc', ['--noEmit']],
  ['architecture', 'mocha', ['test/unit/architecture.test.ts']],
];

const failed = [];
for (const [name, program, args] of CHECKS) {
  progress(name);
  if ((await run(bin(program), args)) !== 0) failed.push(name);
}
if (failed.length > 0) process.stderr.write(`failed: ${failed.join(', ')}\n`);
process.exit(failed.length === 0 ? 0 : 1);

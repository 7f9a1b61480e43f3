/** `npm test`: prepares, builds, then all suites in one process, so that there is one closing line. Arguments go to mocha. */
import { build } from './build.mjs';
import { prepareTests } from './prepare-tests.mjs';
import { bin, inOrder, run } from './run.mjs';

const wished = process.argv.slice(2);
await inOrder([
  () => prepareTests(),
  () => build({ ifNeeded: true }),
  () => run(bin('mocha'), ['--exit', ...(wished.length > 0 ? wished : ['test/**/*.test.ts'])]),
]);

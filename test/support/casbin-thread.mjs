/** The thread of the second opinion for tests, which run the sources: `--import tsx` does not reach threads. */
import { register } from 'tsx/esm/api';

register();
await import('../../src/decide/second-opinion/casbin-worker.ts');

/** Run as a process of its own: opens the store named by its argument, says so, and waits to be killed. */
import { systemClock } from '../../../src/core/clock.ts';
import { openStore } from '../../../src/store/open-store.ts';
import { aUser } from './samples.ts';

const store = await openStore({ database: process.argv[2] ?? '', server: 'default', clock: systemClock });
await store.transaction(({ users }) => users.insert(aUser('ada')));
process.stdout.write('open\n');
setInterval(() => undefined, 60_000);

/** `migrate`: brings the database to the newest schema and stops; `serve` does the same at start. */
import { systemClock } from '../../core/clock.ts';
import { openStore } from '../../store/open-store.ts';
import type { LocalCommand } from '../run.ts';

export const migrateCommand: LocalCommand = {
  takes: [],
  takesConfiguration: true,
  summary: 'brings the database to the newest schema',
  async run({ config, terminal }) {
    const store = await openStore({
      database: config.database,
      server: config.serverName,
      clock: systemClock,
    });
    const { revision } = await store.read.state.counters();
    await store.close();
    terminal.out(`the ${store.kind} database has the newest schema, revision ${revision}\n`);
    return 0;
  },
};

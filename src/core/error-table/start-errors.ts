/** What keeps the gate from starting. */
import type { ErrorRow } from './error-row.ts';

export const START_ERRORS = {
  CONFIG_INVALID: { status: 500, message: 'the configuration is not valid', hint: 'see docs/config.md' },
  DATABASE_INVALID: {
    status: 500,
    message: 'the database cannot be used',
    hint: 'check `--database`; the file must be an SQLite database of the gate',
  },
  DATABASE_LOCKED: {
    status: 500,
    message: 'another gate uses this SQLite file',
    hint: 'stop it first; several gates on one policy need PostgreSQL',
  },
  PORT_IN_USE: {
    status: 500,
    message: 'the port is in use',
    hint: 'choose another with `--port` or `--admin-port`',
  },
  JUPYTER_MISSING: {
    status: 500,
    message: 'no Jupyter Server was found and none could be installed',
    hint: 'install one with `pip install jupyterlab nbclassic`, or name a running one with `--upstream URL`',
  },
  JUPYTER_SLOW: {
    status: 500,
    message: 'a Jupyter was found, but it did not tell its version in time',
    hint: 'start again when the machine has less to do, or name a running server with `--upstream URL`',
  },
  JUPYTER_FAILED: {
    status: 500,
    message: 'the Jupyter Server did not start',
    hint: 'its last lines are above',
  },
} as const satisfies Record<string, ErrorRow>;

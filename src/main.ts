/** The program `jupyter-gate`: the command line, and the commands that run here instead of asking a running gate. */
import { readFile } from 'node:fs/promises';
import { checkModelCommand } from './cli/local/check-model.ts';
import { migrateCommand } from './cli/local/migrate.ts';
import { serveCommand } from './cli/local/serve.ts';
import { verifyAuditCommand } from './cli/local/verify-audit.ts';
import { readSecret } from './cli/read-secret.ts';
import { run } from './cli/run.ts';
import { processEnvironment } from './config/process-environment.ts';

process.exitCode = await run(
  process.argv.slice(2),
  {
    env: processEnvironment(),
    cwd: process.cwd(),
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    readSecret,
    readFile: (path) => readFile(path, 'utf8'),
    now: () => Date.now(),
  },
  {
    serve: serveCommand,
    migrate: migrateCommand,
    'model check': checkModelCommand,
    'audit verify': verifyAuditCommand,
  },
);

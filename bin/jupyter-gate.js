#!/usr/bin/env node
/** The command `jupyter-gate`: the built program, or one sentence when there is none yet. */
import { existsSync } from 'node:fs';

const main = new URL('../dist/program/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  process.stderr.write('jupyter-gate is not built yet: run `npm run build` in its directory first\n');
  process.exitCode = 1;
}

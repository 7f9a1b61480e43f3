/** Writes docs/config.md from the table of options: `npm run docs:config`. A test holds the two equal. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { configPage } from '../src/config/config-page.ts';
import { packageRoot } from '../src/core/package-root.ts';

const path = join(packageRoot(), 'docs', 'config.md');
mkdirSync(dirname(path), { recursive: true });
writeFileSync(path, configPage());

/** Writes docs/api.md from the endpoints of the admin API: `npx tsx scripts/write-api-docs.ts`. A test holds the two equal. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { apiPage } from '../src/admin/api-page.ts';
import { ENDPOINTS } from '../src/admin/endpoints/endpoints.ts';
import { packageRoot } from '../src/core/package-root.ts';

writeFileSync(join(packageRoot(), 'docs', 'api.md'), apiPage(ENDPOINTS));

/** Writes docs/routes.md from the route table: `npx tsx scripts/write-routes.ts`. */
import { writeFile } from 'node:fs/promises';
import { describeRoutes, renderRoutes } from '../src/classify/describe-routes.ts';

await writeFile(new URL('../docs/routes.md', import.meta.url), renderRoutes(describeRoutes()));

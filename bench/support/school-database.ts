/** Databases with a school in them, filled once for all rows of a run: a hundred thousand rules take longer to write than to copy. */
import { constants, existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { makeSchool } from './policies.ts';
import { grouped } from './row.ts';
import type { Context } from './row.ts';
import { DATABASE, seedDatabase } from './seed.ts';

/** Users without a role, for rows that give them one. */
const NEWCOMERS = 200;

export const newcomerName = (index: number): string => `newcomer${index}`;

/** Fills the data directory of a gate with a school of `rules` rules and as many grants, and 200 newcomers. */
export async function copySchool(
  rules: number,
  directory: string,
  { shared, progress }: Pick<Context, 'shared' | 'progress'>,
): Promise<void> {
  const template = join(shared, `school-${rules}`);
  if (!existsSync(template)) {
    progress(`filling a database with ${grouped(rules)} rules and as many grants`);
    const users = Array.from({ length: NEWCOMERS }, (_, index) => ({ name: newcomerName(index) }));
    await seedDatabase(template, { ...makeSchool(rules).document, users });
  }
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // The store is closed: all of it is in the one file.
  await copyFile(join(template, DATABASE), join(directory, DATABASE), constants.COPYFILE_FICLONE);
}

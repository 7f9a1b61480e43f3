/** One line in a file of its own, replaced whole: the newest checkpoint, where the database cannot reach it. */
import { open, readFile, rename } from 'node:fs/promises';

export interface KeptLine {
  /** Undefined before the first. */
  read(): Promise<string | undefined>;
  write(line: string): Promise<void>;
}

/** Newest checkpoint of the gate that has this data directory. */
export const KEPT_CHECKPOINT_FILE = 'audit.checkpoint';

export function createKeptLine(file: string): KeptLine {
  return {
    async read() {
      try {
        return (await readFile(file, 'utf8')).trim();
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    async write(line) {
      const draft = `${file}.new`;
      const handle = await open(draft, 'w', 0o600);
      try {
        await handle.writeFile(`${line}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, file);
    },
  };
}

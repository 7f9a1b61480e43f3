/** What lies on the server: `/pub` for everybody to read, `/pub/ada` for ada to write, and a canary in all the rest. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { TokenJupyter } from '../../support/token-jupyter.ts';
import type { Canaries } from './canaries.ts';
import { watchTree } from './tree.ts';
import type { Change, Tree } from './tree.ts';

export interface World extends Tree {
  /** Whether this change is what ada's rights allow. */
  isAllowed(change: Change): boolean;
}

/** Below the served directory, without a canary. Many names are there for what a careless reader takes them for. */
export const WITHIN_REACH = [
  'pub/a.txt',
  'pub/nb.ipynb',
  'pub/\u00e9.txt',
  'pub/e\u0301.txt',
  'pub/two words.txt',
  'pub/x;y=1.txt',
  'pub/100%.txt',
  'pub/%2e%2e/in.txt',
  'pub/[1]|^{}.txt',
  'pub/dir/b.txt',
  'pub/dir/.../c.txt',
  'pub/checkpoints/d.txt',
  'pub/trust',
  'pub/dot.',
  'pub/tail ',
  'pub/RTC:a.txt',
  'pub/files/f.txt',
  'pub/a+b&c=d#e?f.txt',
  'pub/bob/b.txt',
  'pub/adabob/b.txt',
  'pub/ADA/b.txt',
] as const;

export const OWN = [
  'pub/ada/own.txt',
  'pub/ada/own.ipynb',
  'pub/ada/sub/x.txt',
  'pub/ada/checkpoints/e.txt',
] as const;

/** Below the served directory, or beside it. Each holds a canary of its own. */
export const HIDDEN = [
  'root.txt',
  'root.ipynb',
  'priv/secret.txt',
  'priv/secret.ipynb',
  'priv/deep/er/s.txt',
  'priv/.hidden.txt',
  'priv/.ipynb_checkpoints/secret-checkpoint.txt',
  'priv/.ipynb_checkpoints/secret-checkpoint.ipynb',
  'public/p.txt',
  'pubs.txt',
  'PUB/p.txt',
  'pub /p.txt',
  'pub./p.txt',
  '\uff50\uff55\uff42/p.txt',
  'pub%2fa.txt',
  'pub%2Fada%2Fown.txt',
  'pub\\a.txt',
  'pub;a/p.txt',
  '%2e%2e/p.txt',
  '...priv/p.txt',
  'RTC:pub/a.txt',
  'C:/pub/a.txt',
  'checkpoints/c.txt',
  'trust/t.txt',
  'files/pub/a.txt',
  'api/contents/pub/a.txt',
  'ada/own.txt',
  '../outside.txt',
  '../root-sibling/s.txt',
] as const;

/** Where Jupyter keeps what is no file of anybody: caches, the trash, signatures, its own address. */
const UNWATCHED = ['runtime', '.local', '.ipython', '.cache', '.config'];

/** Fills the home of `jupyter`, whose directory tree is then as at the start whenever `restore` was called. */
export async function makeWorld(jupyter: TokenJupyter, canaries: Canaries): Promise<World> {
  await rm(jupyter.root, { recursive: true, force: true });
  const place = async (path: string, content: string): Promise<void> => {
    const file = join(jupyter.root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  };
  for (const path of [...WITHIN_REACH, ...OWN]) await place(path, contentOf(path, `open text of ${path}`));
  for (const path of HIDDEN) {
    const content = contentOf(path, canaries.hatch(path));
    canaries.fingerprint(path, Buffer.from(content));
    await place(path, content);
  }
  // Names that nobody was told: only a listing could give them away.
  for (const directory of ['', 'priv/', 'priv/deep/', 'public/'])
    await place(`${directory}${canaries.hatch(`a name in /${directory}`)}.txt`, 'canary in the name');
  const tree = watchTree(jupyter.home, UNWATCHED);
  const served = basename(jupyter.root);
  return { ...tree, isAllowed: (change) => isAllowed(served, change) };
}

function isAllowed(served: string, { path, how, content }: Change): boolean {
  if (path.startsWith(`${served}/pub/ada/`)) return true;
  if (path === `${served}/pub/ada`) return how !== 'added';
  // Jupyter makes this directory beside the file it is asked the checkpoints of, and it is empty until there is one.
  return (
    (dirname(path) === served || path.startsWith(`${served}/pub/`)) &&
    basename(path) === '.ipynb_checkpoints' &&
    how === 'added' &&
    content === undefined
  );
}

function contentOf(path: string, text: string): string {
  if (!path.endsWith('.ipynb')) return `${text}\n`;
  const output = { output_type: 'stream', name: 'stdout', text: [text] };
  return JSON.stringify({
    cells: [
      {
        cell_type: 'code',
        id: 'one',
        execution_count: 1,
        metadata: { note: text },
        outputs: [
          output,
          { output_type: 'display_data', metadata: {}, data: { 'text/html': `<b>${text}</b>` } },
        ],
        source: [`print('${text}')`],
      },
    ],
    metadata: {
      kernelspec: { display_name: 'Python 3', language: 'python', name: 'python3' },
      language_info: { name: 'python', file_extension: '.py' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

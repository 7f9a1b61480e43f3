/** What frontends send for somebody with ada's rights. None of it may be refused. */
import { OWN, WITHIN_REACH } from '../world.ts';
import { encoded, get, sending, words } from './attack.ts';
import type { Attack } from './attack.ts';

const READABLE = [...WITHIN_REACH, ...OWN];
const DIRECTORIES = ['', '/pub', '/pub/dir', '/pub/bob', '/pub/ada', '/pub/ada/sub', '/pub/%252e%252e'];
/** Addressed as frontends do, this is another address of Jupyter's. */
const SHADOWED = new Set(['pub/trust']);

const save = { type: 'file', format: 'text', content: 'new text' };
const notebook = {
  type: 'notebook',
  format: 'json',
  content: { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 },
};

export function ordinary(): readonly Attack[] {
  return [...reading(), ...writing(), ...pages(), ...lists()].map((attack) => ({
    ...attack,
    ordinary: true as const,
  }));
}

function reading(): readonly Attack[] {
  const files = READABLE.filter((path) => !SHADOWED.has(path)).flatMap((path) => [
    get(`/api/contents/${encoded(path)}?content=1&hash=0&1730000000000`),
    get(`/api/contents/${encoded(path)}?type=file&format=text&content=1`),
    get(`/api/contents/${encodeURIComponent(path)}?content=0`),
    get(`/files/${encoded(path)}?_xsrf=abc`),
    { method: 'HEAD', target: `/files/${encoded(path)}` },
    // Jupyter has no hidden file, and no frontend one whose checkpoints it could ask for.
    ...(path.includes('/.') ? [] : [get(`/api/contents/${encoded(path)}/checkpoints?1730000000000`)]),
  ]);
  const directories = DIRECTORIES.flatMap((path) => [
    get(`/api/contents${path}?content=1&hash=0&1730000000000`),
    get(`/api/contents${path}?type=directory`),
    get(`/api/contents${path}/`),
  ]);
  return [
    ...files.filter(({ target }) => !/ipynb.*type=file/.test(target)),
    ...directories.filter(({ target }) => !/^\/api\/contents.+\/$/.test(target)),
    get('/api/contents/pub/nb.ipynb?type=notebook&content=1&hash=1&contentProviderId=undefined'),
    get('/nbconvert/python/pub/nb.ipynb?download=false'),
    get(`/files/pub/${encodeURIComponent('\u00e9.txt').toLowerCase()}`),
    get('/files/%70ub/%61.txt'),
    get('/api/contents/pub/[1]%7C^%7B%7D.txt'),
  ];
}

function writing(): readonly Attack[] {
  const home = '/api/contents/pub/ada';
  return [
    sending('PUT', `${home}/new.txt`, save),
    sending('PUT', `${home}/new%20name.txt`, save),
    sending('PUT', `${home}/${encodeURIComponent('\u00e9')}.txt`, save),
    sending('PUT', `${home}%2Fencoded.txt`, save),
    sending('PUT', `${home}/new.ipynb`, notebook),
    sending('PUT', `${home}/folder`, { type: 'directory' }),
    sending('PUT', `${home}/part.bin`, { type: 'file', format: 'base64', content: 'aGk=', chunk: 1 }),
    sending('POST', home, { type: 'notebook' }),
    sending('POST', home, { type: 'directory', path: 'pub/ada' }),
    sending('POST', home, { type: 'file', ext: '.txt' }),
    sending('POST', home, { copy_from: 'pub/a.txt' }),
    sending('POST', home, { copy_from: '/pub/nb.ipynb' }),
    sending('POST', home, { copy_from: 'pub/two words.txt' }),
    sending('PATCH', `${home}/own.txt`, { path: 'pub/ada/renamed.txt' }),
    sending('PATCH', `${home}/own.ipynb`, { path: '/pub/ada/sub/own.ipynb' }),
    sending('PATCH', `${home}/sub`, { path: 'pub/ada/sup' }),
    { method: 'POST', target: `${home}/own.ipynb/checkpoints` },
    { method: 'POST', target: `${home}/own.txt/checkpoints` },
    { method: 'POST', target: `${home}/own.ipynb/trust` },
    { method: 'DELETE', target: `${home}/own.txt` },
    { method: 'DELETE', target: `${home}/sub` },
  ];
}

function pages(): readonly Attack[] {
  return words(`
      / /lab /lab/tree/pub /lab/tree/pub/a.txt /lab/tree/pub/nb.ipynb /doc/tree/pub/nb.ipynb /lab/workspaces/ws
      /lab/workspaces/ws/tree/pub/nb.ipynb /tree /tree/pub /tree/pub/dir /notebooks/pub/nb.ipynb /edit/pub/a.txt
      /view/pub/a.txt /api/spec.yaml /api /api/me /lab/api/settings /lab/api/workspaces /lab/api/translations
      /api/config/notebook`).map(get);
}

function lists(): readonly Attack[] {
  return ['kernels', 'sessions', 'terminals', 'kernelspecs', 'status'].map((name) => get(`/api/${name}`));
}

/** Cases of the route table: JupyterLab, Notebook 7 and the classic notebook. */
import { row } from './case.ts';
import type { Case } from './case.ts';

export const FRONTENDS: readonly Case[] = [
  row('GET /lab', 'lab.root', 'read pages'),
  row('GET /lab/', 'lab.root', 'read pages'),
  row('GET /doc?reset', 'lab.root', 'read pages', { to: '/doc?reset=' }),
  row('GET /lab/tree/pub/open.ipynb', 'lab.tree', ['read pages', 'read contents /pub/open.ipynb']),
  row('GET /lab/tree', 'lab.tree', 'read pages'),
  row('GET /lab/tree?path=priv&clone=a', 'lab.tree', 'read pages', { to: '/lab/tree?clone=a' }),
  row('GET /lab/workspaces/auto-Z', 'lab.workspace', 'read pages'),
  row(
    'GET /doc/workspaces/w1/tree/a%2Fb.txt',
    'lab.workspace-tree',
    ['read pages', 'read contents /a/b.txt'],
    { to: '/doc/workspaces/w1/tree/a/b.txt' },
  ),
  row('GET /lab/api/settings?ids_only=true&1730', 'settings.list', 'read settings', {
    to: '/lab/api/settings?ids_only=true',
  }),
  row('GET /lab/api/settings/?1730', 'settings.list', 'read settings', { to: '/lab/api/settings' }),
  row('GET /lab/api/settings/@jupyterlab/apputils-extension:themes', 'settings.read', 'read settings', {
    to: '/lab/api/settings/%40jupyterlab/apputils-extension%3Athemes',
  }),
  row('PUT /lab/api/settings/@jupyterlab/a:b', 'settings.save', 'write settings', {
    to: '/lab/api/settings/%40jupyterlab/a%3Ab',
    body: { raw: '{}' },
  }),
  row('GET /lab/api/workspaces', 'workspaces.list', 'read workspaces'),
  row('GET /lab/api/workspaces/default', 'workspaces.read', 'read workspaces'),
  row('PUT /lab/api/workspaces/default', 'workspaces.save', 'write workspaces', {
    body: { data: { a: 1 }, metadata: { id: 'default' } },
  }),
  row('DELETE /lab/api/workspaces/default', 'workspaces.delete', 'write workspaces'),
  row('GET /lab/api/translations/default', 'lab.translations', 'read static'),
  row('GET /lab/api/translations', 'lab.translations', 'read static'),
  row('GET /lab/api/themes/@jupyterlab/theme-light-extension/index.css', 'lab.themes', 'read static', {
    to: '/lab/api/themes/%40jupyterlab/theme-light-extension/index.css',
  }),
  row('GET /lab/extensions/jupyterlab_pygments/static/x.js?v=1', 'lab.extension-files', 'read static'),
  row('GET /lab/api/listings/blocked.json', 'lab.listings', 'read api'),
  row('GET /lab/api/licenses/?full_text=false', 'lab.licenses', 'read api'),
  row('GET /lab/api/licenses/?format=markdown&download=1', 'lab.licenses', 'read api'),
  row('GET /lab/api/licenses/?bundles=^@jupyterlab/a.b-c', 'lab.licenses', 'read api', {
    to: '/lab/api/licenses/?bundles=%5E%40jupyterlab%2Fa.b-c',
  }),
  row('GET /lab/api/news', 'lab.news', 'read api'),
  row('GET /lab/api/update', 'lab.news', 'read api'),
  row('GET /lab/api/extensions?refresh=0&page=1&per_page=30', 'extensions.list', 'read extensions'),
  row('POST /lab/api/extensions', 'extensions.change', 'execute extensions', {
    body: { cmd: 'install', extension_name: 'x' },
  }),
  row('GET /lab/api/build', 'extensions.build-status', 'read extensions'),
  row('POST /lab/api/build', 'extensions.build', 'execute extensions'),
  row('DELETE /lab/api/build', 'extensions.build-cancel', 'execute extensions'),
  row('GET /lab/api/plugins', 'extensions.plugins', 'read extensions'),
  row('POST /lab/api/plugins', 'extensions.plugin-change', 'execute extensions', {
    body: { cmd: 'disable', plugin_name: 'x:y' },
  }),
  row('GET /tree', 'pages.tree', 'read pages'),
  row('GET /tree/', 'pages.tree', 'read pages', { to: '/tree' }),
  row('GET /nbclassic/tree/pub', 'pages.tree', ['read pages', 'read contents /pub']),
  row('GET /notebooks/pub/open.ipynb?factory=Notebook', 'pages.notebooks', [
    'read pages',
    'read contents /pub/open.ipynb',
  ]),
  row('GET /nbclassic/notebooks/pub/open.ipynb', 'pages.notebooks', [
    'read pages',
    'read contents /pub/open.ipynb',
  ]),
  row('GET /edit/pub/a.txt', 'pages.edit', ['read pages', 'read contents /pub/a.txt']),
  row('GET /consoles/pub/a.ipynb', 'pages.console', ['read pages', 'read contents /pub/a.ipynb']),
  row('GET /terminals/1', 'pages.terminal', ['execute terminals terminal:1', 'read pages']),
  row('GET /nbclassic', 'nbclassic.root', 'read pages'),
  row('GET /nbclassic/bundle/pub/a.ipynb?bundler=zip', 'nbclassic.bundle', [
    'execute nbconvert /pub/a.ipynb',
    'read contents /pub/a.ipynb',
  ]),
  row('GET /custom/custom.css?v=2', 'static.extension', 'read static'),
  row('GET /nbextensions/x/main.js', 'static.extension', 'read static'),
];

/** Cases of the route table: kernels, sessions and terminals. */
import { K, K2, S, U, row } from './case.ts';
import type { Case } from './case.ts';

export const RUNNING: readonly Case[] = [
  row('GET /api/kernels?1730000', 'kernels.list', 'read kernels', { to: '/api/kernels' }),
  row('POST /api/kernels', 'kernels.start', ['execute kernels +new', 'read kernelspecs'], {
    body: { name: 'python3' },
  }),
  row('POST /api/kernels', 'kernels.start', ['execute kernels /pub/a.ipynb +new', 'read kernelspecs'], {
    body: { name: 'python3', path: '/pub/a.ipynb', kernel_id: null },
    sends: { name: 'python3', path: 'pub/a.ipynb' },
  }),
  row('POST /api/kernels', 'kernels.start', ['execute kernels +new', 'read kernelspecs']),
  row(`GET /api/kernels/${K}`, 'kernels.get', `read kernels kernel:${K}`),
  row(`DELETE /api/kernels/${K}`, 'kernels.stop', `write kernels kernel:${K}`),
  row(`POST /api/kernels/${K}/restart`, 'kernels.restart', `write kernels kernel:${K}`, {
    body: {},
    sends: undefined,
  }),
  row(`POST /api/kernels/${K}/interrupt`, 'kernels.interrupt', `write kernels kernel:${K}`),
  row(
    `WS /api/kernels/${K}/channels?session_id=${U}&token=secret`,
    'kernels.channels',
    `read channels kernel:${K}`,
    {
      to: `/api/kernels/${K}/channels?session_id=${U}`,
    },
  ),
  row('GET /api/sessions', 'sessions.list', 'read sessions'),
  row(
    'POST /api/sessions',
    'sessions.start',
    [
      'execute kernels /pub/open.ipynb +new',
      'write sessions /pub/open.ipynb +new',
      'read kernelspecs',
      'read contents /pub/open.ipynb',
    ],
    { body: { path: `pub/${U}`, type: 'notebook', name: 'open.ipynb', kernel: { name: 'python3' } } },
  ),
  row(
    'POST /api/sessions',
    'sessions.start',
    [
      'execute kernels /pub/open.ipynb +new',
      'write sessions /pub/open.ipynb +new',
      'read kernelspecs',
      'read contents /pub/open.ipynb',
    ],
    {
      body: { path: 'pub/open.ipynb', type: 'notebook', name: '', kernel: { id: null, name: 'python3' } },
      sends: { path: 'pub/open.ipynb', type: 'notebook', name: '', kernel: { name: 'python3' } },
    },
  ),
  row(`GET /api/sessions/${S}`, 'sessions.get', `read sessions session:${S}`),
  row(
    `PATCH /api/sessions/${S}`,
    'sessions.change',
    [`write sessions session:${S}`, 'read contents /pub/open.ipynb', 'execute kernels /pub/open.ipynb +new'],
    { body: { path: 'pub/open.ipynb', id: S }, sends: { path: 'pub/open.ipynb' } },
  ),
  row(`PATCH /api/sessions/${S}`, 'sessions.change', `write sessions session:${S}`, {
    body: { name: 'x', id: S },
    sends: { name: 'x' },
  }),
  row(
    `PATCH /api/sessions/${S}`,
    'sessions.change',
    [`write sessions session:${S}`, `execute kernels kernel:${K2}`],
    {
      body: { kernel: { id: K2, name: 'python3', execution_state: 'idle' }, id: S },
      sends: { kernel: { id: K2 } },
    },
  ),
  row(
    `PATCH /api/sessions/${S}`,
    'sessions.change',
    [`write sessions session:${S}`, `execute kernels session:${S}`, 'read kernelspecs'],
    {
      body: { kernel: { name: 'ir' }, id: S },
      sends: { kernel: { name: 'ir' } },
    },
  ),
  row(`DELETE /api/sessions/${S}`, 'sessions.delete', `write sessions session:${S}`),
  row('GET /api/kernelspecs?1730', 'kernelspecs.list', 'read kernelspecs', { to: '/api/kernelspecs' }),
  row('GET /api/kernelspecs/python3', 'kernelspecs.get', 'read kernelspecs'),
  row('GET /kernelspecs/python3/logo-svg.svg', 'kernelspecs.file', 'read kernelspecs'),
  row('GET /api/terminals', 'terminals.list', 'read terminals'),
  row('POST /api/terminals', 'terminals.start', 'execute terminals +new', { body: {} }),
  row('POST /api/terminals', 'terminals.start', ['execute terminals +new', 'read contents /pub'], {
    body: { name: 'mine', cwd: '/pub/' },
    sends: { cwd: 'pub' },
  }),
  row('GET /api/terminals/1', 'terminals.get', 'read terminals terminal:1'),
  row('DELETE /api/terminals/1', 'terminals.stop', 'write terminals terminal:1'),
  row('WS /terminals/websocket/1?token=x', 'terminals.socket', 'read terminals terminal:1', {
    to: '/terminals/websocket/1',
  }),
];

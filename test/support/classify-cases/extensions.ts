/** Cases of the route table: what extensions add. */
import { U, row } from './case.ts';
import type { Case } from './case.ts';

/** The path of a room's file is not in the address: the gate asks for it. */
const FOLLOW = ['read collaboration', 'read contents'];
const CHANGE = ['write collaboration', 'write contents'];

export const EXTENSIONS: readonly Case[] = [
  row(
    'PUT /api/collaboration/session/pub%2Fa.ipynb',
    'collaboration.open',
    ['read collaboration /pub/a.ipynb', 'read contents /pub/a.ipynb'],
    {
      to: '/api/collaboration/session/pub/a.ipynb',
      body: { format: 'json', type: 'notebook' },
    },
  ),
  row(`WS /api/collaboration/room/json:notebook:${U}?sessionId=${U}`, 'collaboration.room', FOLLOW),
  row(`WS /api/collaboration/room/${U}?sessionId=${U}`, 'collaboration.room', FOLLOW),
  row(
    'WS /api/collaboration/room/JupyterLab:globalAwareness',
    'collaboration.awareness',
    'read collaboration',
  ),
  row(
    'GET /api/collaboration/timeline/a.ipynb?format=json&&type=notebook',
    'collaboration.timeline',
    ['read collaboration /a.ipynb', 'read contents /a.ipynb'],
    { to: '/api/collaboration/timeline/a.ipynb?format=json&type=notebook' },
  ),
  row(
    'PUT /api/collaboration/undo_redo/json%3Anotebook%3Ax?action=undo&&steps=1&&forkRoom=f0',
    'collaboration.undo',
    CHANGE,
    { to: '/api/collaboration/undo_redo/json:notebook:x?action=undo&steps=1&forkRoom=f0' },
  ),
  row('GET /api/collaboration/fork/json:notebook:x', 'collaboration.forks', FOLLOW),
  row('PUT /api/collaboration/fork/json:notebook:x', 'collaboration.fork', CHANGE, {
    body: { synchronize: true, title: 'try' },
  }),
  row('DELETE /api/collaboration/fork/x?merge=true', 'collaboration.fork-end', CHANGE),
  row(
    'GET /api/fileid/id?path=pub/a.txt',
    'fileid.of-path',
    ['read collaboration /pub/a.txt', 'read contents /pub/a.txt'],
    { to: '/api/fileid/id?path=pub%2Fa.txt' },
  ),
  row(`GET /api/fileid/path?id=${U}`, 'fileid.path-of', FOLLOW),
  row('GET /lsp/status?1730', 'lsp.status', 'read lsp', { to: '/lsp/status' }),
  row('WS /lsp/ws/pylsp', 'lsp.socket', 'execute lsp'),
  row('GET /proxy/8080/a/?x=1&y=2&token=t&_xsrf=q', 'proxy.read', 'execute proxy', {
    to: '/proxy/8080/a/?x=1&y=2',
  }),
  row('POST /proxy/absolute/localhost:8080/a%20b', 'proxy.send', 'execute proxy'),
  row('WS /proxy/8080/ws', 'proxy.socket', 'execute proxy'),
  row('GET /server-proxy/servers-info', 'proxy.servers', 'read proxy'),
  row('GET /server-proxy/icon/code-server', 'proxy.icon', 'read proxy'),
  row('POST /git/pub/repo/status', 'git.repository.send', 'execute git /pub/repo'),
  row('GET /git/pub/repo/remote/show', 'git.repository.get', 'execute git /pub/repo'),
  row('POST /git/status', 'git.repository.send', 'execute git /'),
  row('DELETE /git/pub/repo/remote/origin', 'git.remote-remove', 'execute git /pub/repo'),
  row('GET /git/settings', 'git.server.get', 'execute git'),
  row('POST /git/diffnotebook', 'git.server.send', 'execute git'),
];

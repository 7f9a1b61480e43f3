/** Cases of the route table: the rest of jupyter_server. */
import { K, row } from './case.ts';
import type { Case } from './case.ts';

export const SERVER: readonly Case[] = [
  row('GET /', 'root', 'read pages'),
  row('GET /?token=abc', 'root', 'read pages', { to: '/' }),
  row('GET /api', 'api.version', 'read api'),
  row('GET /api/spec.yaml', 'api.spec', 'read api'),
  row('GET /api/status', 'api.status', 'read api'),
  row('GET /api/me?permissions=%7B%22contents%22%3A%5B%22read%22%5D%7D', 'me.read', 'read api'),
  row(
    `GET /api/resolvePath?path=/pub/a.py&kernel=${K}`,
    'api.resolve-path',
    ['read contents /pub/a.py', `execute channels kernel:${K}`],
    {
      to: `/api/resolvePath?path=pub%2Fa.py&kernel=${K}`,
    },
  ),
  row('GET /api/config/notebook', 'config.read', 'read config'),
  row('PUT /api/config/notebook', 'config.replace', 'write config', { body: { a: { b: 1 } } }),
  row('PATCH /api/config/notebook', 'config.merge', 'write config', { body: { a: null } }),
  row('POST /api/events', 'events.emit', ['write events', 'write contents /pub/a', 'write contents /pub/b'], {
    body: {
      schema_id: 'https://events.jupyter.org/jupyter_server/contents_service/v1',
      version: '1',
      data: { action: 'rename', path: 'pub/a', source_path: 'pub/b' },
    },
  }),
  row('POST /api/events', 'events.emit', ['write events', `write kernels kernel:${K}`], {
    body: {
      schema_id: 'https://events.jupyter.org/jupyter_server/kernel_actions/v1',
      version: '1',
      data: { action: 'shutdown', kernel_id: K, msg: 'gone' },
    },
  }),
  row('WS /api/events/subscribe', 'events.subscribe', 'read events'),
  row('POST /api/security/csp-report', 'api.csp-report', 'read api'),
  row('POST /api/shutdown', 'server.shutdown', 'write server'),
  row('GET /metrics', 'server.metrics', 'read server'),
  row('GET /static/lab/main.js?v=123', 'static.file', 'read static'),
  row('HEAD /static/lab/main.js', 'static.file', 'read static'),
  row('GET /favicon.ico', 'static.well-known', 'read static'),
  row('GET /robots.txt', 'static.well-known', 'read static'),
];

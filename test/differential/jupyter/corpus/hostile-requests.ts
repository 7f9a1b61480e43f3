/** Requests that are misread by their length, their headers or their upgrade, and those about what runs. */
import { JSON_TYPE, get, sending, withJson, words } from './attack.ts';
import type { Attack } from './attack.ts';

const SECRET = 'priv/secret.txt';
const HOME = '/api/contents/pub/ada';
const SAVE = JSON.stringify({ type: 'file', format: 'text', content: 'overwritten' });

export function hostileRequests(): readonly Attack[] {
  return [...framings(), ...misleading(), ...running(), ...sockets()];
}

/** Lengths that can be read in two ways, with a second request in what remains. */
function framings(): readonly Attack[] {
  const second = 'GET /api/contents/priv/secret.txt HTTP/1.1\r\nHost: {host}\r\n\r\n';
  const chunked = `0\r\n\r\n${second}`;
  const whole = JSON.stringify({ copy_from: SECRET });
  const lines = (...headers: string[]) => [JSON_TYPE, ...headers];
  const post = (headers: string[], body: string): Attack => ({
    method: 'POST',
    target: HOME,
    headers: lines(...headers),
    body,
    framing: 'untold',
  });
  return [
    { method: 'POST', target: HOME, headers: [JSON_TYPE], body: whole, framing: 'chunked' },
    {
      method: 'PUT',
      target: '/api/contents/priv/secret.txt',
      headers: [JSON_TYPE],
      body: SAVE,
      framing: 'chunked',
    },
    { method: 'PUT', target: `${HOME}/chunked.txt`, headers: [JSON_TYPE], body: SAVE, framing: 'chunked' },
    post(['Content-Length: 4', 'Transfer-Encoding: chunked'], chunked),
    post(['Transfer-Encoding: chunked', `Content-Length: ${chunked.length}`], chunked),
    post(['Transfer-Encoding: chunked, identity'], chunked),
    post(['Transfer-Encoding: identity, chunked'], chunked),
    post(['Transfer-Encoding: xchunked', 'Content-Length: 0'], chunked),
    post(['Transfer-Encoding : chunked'], chunked),
    post(['Transfer-Encoding:\tchunked'], chunked),
    post(['Transfer-Encoding: chunked', 'Transfer-Encoding: x'], chunked),
    post(['Content-Length: 0', `Content-Length: ${second.length}`], second),
    post(['Content-Length: +0'], second),
    post(['Content-Length: 0, 0'], second),
    post(['Content-Length: 0x10'], second),
    post(['X: y\n\tContent-Length: 0'], second),
    post(['Content-Length: 0'], second),
    { method: 'GET', target: '/api/contents/pub/a.txt', body: second, framing: 'untold' },
    {
      method: 'GET',
      target: '/api/contents/pub/a.txt',
      headers: ['Content-Length: 0'],
      body: second,
      framing: 'untold',
    },
    { method: 'HEAD', target: '/files/pub/a.txt', body: second, framing: 'untold' },
    get('/api/contents/pub/a.txt HTTP/1.1\r\nX: y\r\n\r\nGET /api/contents/priv/secret.txt'),
    get('/api/contents/pub/a.txt\r\nX: y'),
    get('/api/contents/priv/secret.txt\t'),
    get('/api/contents/priv/secret.txt\0'),
    get('/api/contents/pub/a.txt\x0b/../../priv/secret.txt'),
  ];
}

function misleading(): readonly Attack[] {
  const secret = '/api/contents/priv/secret.txt';
  return [
    'X-HTTP-Method-Override: GET',
    'X-Original-URL: /api/contents/priv/secret.txt',
    'X-Rewrite-URL: /api/contents/priv/secret.txt',
    'X-Forwarded-User: bob',
    'X-Forwarded-Prefix: /api/contents/priv',
    'X-Forwarded-Host: evil.example',
    'Remote-User: gate:root',
    'Forwarded: for=127.0.0.1;host=localhost',
    'Connection: authorization, close',
    'Connection: x-forwarded-user',
    'Cookie: _xsrf=a; username-127-0-0-1-8888="2|1:0|10:1|8:username|4:bob|x"',
    'Authorization: token bad',
    'Origin: null',
    'Referer: http://{host}/api/contents/priv/secret.txt',
    'If-None-Match: "x"',
    'Range: bytes=0-99999',
    'Accept-Encoding: gzip, deflate, br',
    'Upgrade: h2c',
    'Upgrade: websocket',
    'Upgrade: TLS/1.0',
    'Expect: 100-continue',
    'Host: evil.example',
    'Te: trailers',
    'Sec-Fetch-Mode: no-cors',
  ].flatMap((line) => [
    { method: 'GET', target: secret, headers: [line] },
    { method: 'GET', target: '/api/contents', headers: [line] },
    { method: 'GET', target: '/files/pub/../priv/secret.txt', headers: [line] },
    { method: 'DELETE', target: secret, headers: [line] },
  ]);
}

/** What runs, and what belongs to bob, who runs it. */
function running(): readonly Attack[] {
  const session = { path: 'pub/nb.ipynb', name: '', type: 'notebook' };
  return [
    sending('POST', '/api/kernels', { name: 'python3' }),
    sending('POST', '/api/kernels', { kernel_id: '{kernel}' }),
    sending('POST', '/api/sessions', { ...session, kernel: { name: 'python3' } }),
    sending('POST', '/api/sessions', { ...session, kernel: { id: '{kernel}' } }),
    sending('POST', '/api/sessions', { ...session, kernel: { name: 'python3' }, notebook: { path: SECRET } }),
    sending('POST', '/api/terminals', {}),
    sending('POST', '/api/terminals', { name: '{terminal}' }),
    sending('POST', '/api/terminals', { shell_command: ['/bin/sh', '-c', 'cp ../root.txt pub/ada/'] }),
    sending('POST', '/api/events', {
      schema_id: 'https://events.jupyter.org/jupyter_server/contents_service/v1',
      version: '1',
      data: { action: 'rename', path: 'pub/a.txt', source_path: SECRET },
    }),
    sending('POST', '/nbconvert/python', {
      name: 'a.ipynb',
      content: { cells: [], metadata: {}, nbformat: 4, nbformat_minor: 5 },
    }),
    sending('PATCH', '/api/sessions/{session}', { name: 'mine', path: 'pub/nb.ipynb' }),
    sending('PATCH', '/api/sessions/{session}', { kernel: { id: '{kernel}' } }),
    sending('PUT', '/api/config/canary', { mine: true }),
    sending('PATCH', '/api/config/canary', { mine: true }),
    sending('PUT', '/lab/api/workspaces/canary', { data: {}, metadata: { id: 'canary' } }),
    sending('PUT', '/lab/api/settings/@jupyterlab/apputils-extension:themes', { raw: '{}' }),
    { method: 'DELETE', target: '/lab/api/workspaces/canary' },
    ...['restart', 'interrupt'].map((what) => sending('POST', `/api/kernels/{kernel}/${what}`, {})),
    { method: 'POST', target: '/api/contents/priv/secret.ipynb/trust' },
    { method: 'POST', target: '/api/contents/pub/nb.ipynb/trust' },
    { method: 'POST', target: '/api/contents/pub%2f..%2fpriv/secret.ipynb/trust' },
    ...[
      sending('POST', '/api/shutdown', {}),
      sending('POST', '/lab/api/build', {}),
      sending('POST', '/lab/api/extensions', { cmd: 'install', extension_name: 'x' }),
      sending('POST', '/lab/api/plugins', { cmd: 'disable', plugin_name: 'x' }),
      withJson(
        'POST',
        '/login',
        'password=x&new_password=y',
        'Content-Type: application/x-www-form-urlencoded',
      ),
    ].map((attack) => ({ ...attack, spared: true as const })),
  ];
}

function sockets(): readonly Attack[] {
  return [
    ...['', '?session_id=mine', '?session_id=a&session_id=b', '/', '%2f', '?token=bad'].map(
      (after) => `/api/kernels/{kernel}/channels${after}`,
    ),
    ...words(`
      /api/kernels/{kernel}/%63hannels /api/kernels/./{kernel}/channels //api/kernels/{kernel}/channels
      /terminals/websocket/{terminal} /terminals/websocket/{terminal}/ /api/events/subscribe /lsp/ws/python
      /api/collaboration/room/text:file:1 /api/contents/priv/secret.txt /proxy/80/`),
    'http://{host}/api/kernels/{kernel}/channels',
  ].map((target): Attack => ({ method: 'GET', target, socket: true }));
}

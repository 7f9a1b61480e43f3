/** Requests whose body names another file than their address, or says so in two ways. */
import { JSON_TYPE, sending, withJson } from './attack.ts';
import type { Attack } from './attack.ts';

const SECRET = 'priv/secret.txt';
const HOME = '/api/contents/pub/ada';
const save = (content = 'overwritten') => JSON.stringify({ type: 'file', format: 'text', content });

/** Ways to write `priv/secret.txt` in a body. */
const SPELT = [
  SECRET,
  `/${SECRET}`,
  `//${SECRET}`,
  `./${SECRET}`,
  `pub/../${SECRET}`,
  `pub/ada/../../${SECRET}`,
  `pub//../${SECRET}`,
  `pub/./../${SECRET}`,
  'pub\\..\\priv\\secret.txt',
  'pub/%2e%2e/priv/secret.txt',
  `${SECRET}/`,
  `${SECRET}\u0000`,
  `pub/a.txt\u0000/../../${SECRET}`,
  ` ${SECRET}`,
  `RTC:${SECRET}`,
  `pub/a.txt\n/../../${SECRET}`,
  `/pub/../${SECRET}`,
  '../outside.txt',
  'pub/../../root-sibling/s.txt',
  '/etc/passwd',
  '~/outside.txt',
  'priv',
  'priv/deep/er/..',
  '',
  '/',
  'pub/..',
] as const;

export function hostileBodies(): readonly Attack[] {
  return [...secondObjects(), ...keys(), ...bodies()];
}

function secondObjects(): readonly Attack[] {
  return SPELT.flatMap((path, at) => [
    // A directory that is copied into itself is copied until the disk is full.
    ...[
      sending('POST', HOME, { copy_from: path }),
      sending('POST', `${HOME}/copied.txt`, { copy_from: path, type: 'file' }),
    ].map((attack) => (['/', 'pub/..'].includes(path) ? { ...attack, spared: true as const } : attack)),
    sending('PATCH', `${HOME}/own.txt`, { path }),
    sending('PATCH', `${HOME}/own.txt`, { path: `${path}2` }),
    sending('PATCH', `/api/contents/${encodeURIComponent(path)}`, { path: 'pub/ada/got.txt' }),
    sending('POST', HOME, { type: 'file', ext: `/../../../${path}.new` }),
    sending('POST', HOME, { type: 'file', ext: `.txt/../../${path}.new` }),
    // Jupyter would count up for ever to a name that is not there.
    { ...sending('POST', HOME, { type: 'file', ext: `/../../../${path}` }), spared: true as const },
    withJson('PUT', `/api/contents/${encodeURIComponent(path)}`, save()),
    { method: 'DELETE', target: `/api/contents/${encodeURIComponent(path)}` },
    { method: 'POST', target: `/api/contents/${encodeURIComponent(path)}/checkpoints` },
    { method: 'POST', target: `/api/contents/${encodeURIComponent(path)}/checkpoints/checkpoint` },
    { method: 'DELETE', target: `/api/contents/${encodeURIComponent(path)}/checkpoints/checkpoint` },
    sending('PATCH', '/api/sessions/{session}', { path }),
    ...mostlySpared(at, [
      sending('POST', '/api/sessions', { path, name: '', type: 'notebook', kernel: { name: 'python3' } }),
      sending('POST', '/api/kernels', { path, name: 'python3' }),
      sending('POST', '/api/terminals', { cwd: path }),
    ]),
  ]);
}

/** Past the gate each of these starts a process. */
function mostlySpared(at: number, attacks: readonly Attack[]): readonly Attack[] {
  return at % 12 === 0 ? attacks : attacks.map((attack) => ({ ...attack, spared: true }));
}

/** JSON that two readers may take for two things. */
function keys(): readonly Attack[] {
  const twice = (key: string, first: string, second: string) => `{"${key}":"${first}","${key}":"${second}"}`;
  const documents = (key: string, mine: string) => [
    twice(key, mine, SECRET),
    twice(key, SECRET, mine),
    `{"${key}":"${mine}","${key.toUpperCase()}":"${SECRET}"}`,
    `{"${key}":"${mine}","\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}":"${SECRET}"}`,
    `{"__proto__":{"${key}":"${SECRET}"}}`,
    `{"${key}":"${mine}","__proto__":{"${key}":"${SECRET}"}}`,
    `{"constructor":{"prototype":{"${key}":"${SECRET}"}},"${key}":"${mine}"}`,
    `{"${key}":["${SECRET}"]}`,
    `{"${key}":{"${key}":"${SECRET}"}}`,
    `\ufeff{"${key}":"${SECRET}"}`,
    `{"${key}":"${SECRET}","x":NaN}`,
    `{"${key}":"${mine}"}{"${key}":"${SECRET}"}`,
    `{"${key}":"pub/\\u002e\\u002e/priv/secret.txt"}`,
    `{"${key}":"pub/..\\/priv\\/secret.txt"}`,
    `{"${key}":"${mine}",/**/"${key}":"${SECRET}"}`,
    `{'${key}':'${SECRET}'}`,
    `{"${key}\\u0000":"${SECRET}"}`,
    `{"${key}":"\\ud800/../${SECRET}"}`,
    `{"${key}":"${mine}","kernel_id":"{kernel}","path":"${SECRET}"}`,
    `[{"${key}":"${SECRET}"}]`,
    `"${SECRET}"`,
    'null',
    '{}',
    '',
  ];
  return [
    ...documents('path', 'pub/ada/renamed.txt').map((text) => withJson('PATCH', `${HOME}/own.txt`, text)),
    ...documents('path', 'pub/ada/got.txt').map((text) =>
      withJson('PATCH', '/api/contents/priv/secret.txt', text),
    ),
    ...documents('copy_from', 'pub/a.txt').map((text) => withJson('POST', HOME, text)),
    ...documents('ext', '.txt').map((text) =>
      withJson('POST', HOME, text.replaceAll(SECRET, '/../../x.txt')),
    ),
    ...documents('content', 'text').map((text) => withJson('PUT', '/api/contents/pub/bob/b.txt', text)),
    ...documents('path', 'pub/nb.ipynb').flatMap((text, at) =>
      mostlySpared(at, [withJson('POST', '/api/sessions', text)]),
    ),
    ...documents('cwd', 'pub').flatMap((text, at) =>
      mostlySpared(at, [withJson('POST', '/api/terminals', text)]),
    ),
  ];
}

/** Types and encodings a body can be said to have. */
function bodies(): readonly Attack[] {
  const types = [
    'text/plain',
    'text/plain;charset=utf-7',
    'application/json; charset=utf-16',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json, text/plain',
    'application/octet-stream',
    '',
  ];
  const copy = JSON.stringify({ copy_from: SECRET });
  const form = 'path=priv/secret.txt&copy_from=priv/secret.txt&token=x&_xsrf=x&type=file';
  return [
    ...types.flatMap((type) => [
      withJson('POST', HOME, copy, `Content-Type: ${type}`),
      withJson('PATCH', `${HOME}/own.txt`, JSON.stringify({ path: SECRET }), `Content-Type: ${type}`),
      withJson('PUT', '/api/contents/priv/secret.txt', save(), `Content-Type: ${type}`),
      withJson('POST', '/api/contents/priv', form, `Content-Type: ${type}`),
      withJson('GET', '/api/contents/pub/a.txt', form, `Content-Type: ${type}`),
    ]),
    ...['gzip', 'deflate', 'br', 'identity', 'identity, gzip', 'x-gzip'].map((encoding) => ({
      ...withJson('POST', HOME, copy),
      headers: [JSON_TYPE, `Content-Encoding: ${encoding}`],
    })),
    withJson('PUT', HOME, ''),
    withJson('PUT', '/api/contents/pub', ''),
    withJson('PUT', '/api/contents/pub/dir', '{}'),
    withJson('PUT', '/api/contents/pub/dir', 'null'),
    withJson('PUT', '/api/contents/priv', ' '),
    withJson('PUT', '/api/contents/priv/new.txt', '{"type":"file","format":"text","content":"x","chunk":1}'),
    withJson('PUT', '/api/contents/pub/bob/b.txt', save()),
    withJson('PUT', '/api/contents/pub/a.txt', save()),
    withJson('PUT', '/api/contents/pub/ADA/b.txt', save()),
    withJson('PUT', '/api/contents/pub/adabob/b.txt', save()),
    withJson('PUT', '/api/contents/pub/ada/..%2fbob/b.txt', save()),
    withJson(
      'PUT',
      `${HOME}/x.txt`,
      JSON.stringify({ ...JSON.parse(save()), path: SECRET, name: 'secret.txt' }),
    ),
  ];
}

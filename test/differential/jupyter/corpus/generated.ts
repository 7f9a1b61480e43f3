/** Requests by chance: an aim, a way to write it, an address, a query, a method, a body. The same seed makes the same ones. */
import { randomSource } from '../../random-source.ts';
import type { RandomSource } from '../../random-source.ts';
import { HIDDEN, OWN, WITHIN_REACH } from '../world.ts';
import { JSON_TYPE, withJson, words } from './attack.ts';
import type { Attack } from './attack.ts';
import { detour, spellPath } from './spell-path.ts';

const HIDDEN_PLACES = [...HIDDEN, '', 'priv', 'priv/deep', 'public'];
const VISIBLE = [...WITHIN_REACH, ...OWN, 'pub', 'pub/ada'];
const READ = words(`
      /api/contents /api/contents /api/contents /files /files /view /edit /notebooks /tree /lab/tree /doc/tree
      /nbconvert/python /nbclassic/tree /nbclassic/edit /api/notebooks /bundle`);
const BEFORE = ['/', '//', '/.', '/x/..', '/%2e', 'http://{host}', 'http://evil.example', '/pub/..', '/%2f'];
const QUERY = words(`
      content=1 content=0 type=file type=notebook type=directory format=text format=base64 hash=1 %74ype=file
      type=%20file content=1;content=0 1730000000000 token=bad download=1 path=priv/secret.txt _xsrf=a
      type=file%00 & a=%zz a=%ff format= contentProviderId=undefined`);
const TYPES = [
  JSON_TYPE,
  JSON_TYPE,
  JSON_TYPE,
  JSON_TYPE,
  'Content-Type: text/plain',
  'X: y',
  'Content-Type: application/x-www-form-urlencoded',
];

/** `count` requests. */
export function generated(count: number, seed: number): readonly Attack[] {
  const random = randomSource(seed);
  return Array.from({ length: count }, () => (random.chance(0.6) ? reading(random) : changing(random)));
}

function reading(random: RandomSource): Attack {
  const target = prefixed(random.pick(READ), random) + aimed(random) + query(random);
  const method = random.chance(0.9) ? 'GET' : 'HEAD';
  return random.chance(0.02) ? { method, target, socket: true } : { method, target };
}

function changing(random: RandomSource): Attack {
  const target = prefixed('/api/contents', random);
  const make = random.pick([save, save, rename, rename, copy, create, remove, checkpoint, session]);
  return make(target, random);
}

function save(target: string, random: RandomSource): Attack {
  const path = detour(aim(random), random);
  const fields = [
    '"type":"file"',
    '"format":"text"',
    `"content":${JSON.stringify(`changed by way of ${path}`)}`,
    ...(random.chance(0.2) ? [`"path":${JSON.stringify(path)}`] : []),
    ...(random.chance(0.1) ? ['"chunk":1'] : []),
    ...(random.chance(0.1) ? ['"type":"notebook"'] : []),
  ];
  return json(
    'PUT',
    target + aimed(random) + query(random),
    `{${random.shuffled(fields).join(',')}}`,
    random,
  );
}

function rename(target: string, random: RandomSource): Attack {
  const [from, to] = random.chance(0.5)
    ? [spellPath(random.pick(OWN), random), detour(aim(random), random)]
    : [aimed(random), `pub/ada/got${random.below(100)}.txt`];
  return json('PATCH', target + from, document('path', to, random), random);
}

function copy(target: string, random: RandomSource): Attack {
  // No directory: past the gate one can be copied into itself, which does not end.
  const file = random.pick([...HIDDEN, ...WITHIN_REACH, ...OWN]);
  const directory = spellPath(random.chance(0.7) ? 'pub/ada' : 'priv', random);
  return json('POST', target + directory, document('copy_from', detour(file, random), random), random);
}

function create(target: string, random: RandomSource): Attack {
  const ext = random.pick([
    '.txt',
    '/../../../priv/x',
    '.txt/../../x',
    '\\..\\x',
    '/x',
    '..',
    '.%2f..',
    '\u0000.txt',
  ]);
  const body = random.chance(0.5)
    ? document('ext', ext, random)
    : `{"type":"${random.pick(['file', 'notebook', 'directory'])}"}`;
  return json(
    'POST',
    target + spellPath(random.chance(0.5) ? 'pub/ada' : random.pick(['priv', 'pub', 'pub/bob']), random),
    body,
    random,
  );
}

function remove(target: string, random: RandomSource): Attack {
  return { method: 'DELETE', target: target + aimed(random) };
}

function checkpoint(target: string, random: RandomSource): Attack {
  const after = random.pick([
    '/checkpoints',
    '/checkpoints/checkpoint',
    '%2fcheckpoints',
    '/trust',
    '%2ftrust',
  ]);
  return { method: random.chance(0.8) ? 'POST' : 'DELETE', target: target + aimed(random) + after };
}

function session(_target: string, random: RandomSource): Attack {
  const path = detour(aim(random), random);
  const [target, body] = random.pick([
    [
      '/api/sessions',
      `{"path":${JSON.stringify(path)},"type":"notebook","name":"","kernel":{"name":"python3"}}`,
    ],
    ['/api/sessions/{session}', document('path', path, random)],
    ['/api/kernels', document('path', path, random)],
    ['/api/terminals', document('cwd', path, random)],
  ] as const);
  const verb = target.includes('{') ? 'PATCH' : 'POST';
  // Past the gate most of these start a process.
  return { ...json(verb, target, body, random), ...(random.chance(0.05) ? {} : { spared: true }) };
}

/** `{key: value}`, sometimes said twice, sometimes hidden from whoever looks at the text. */
function document(key: string, value: string, random: RandomSource): string {
  const [name, text] = [JSON.stringify(key), JSON.stringify(value)];
  const innocent = JSON.stringify(key === 'ext' ? '.txt' : 'pub/ada/fine.txt');
  const escaped = `"\\u00${key.charCodeAt(0).toString(16)}${key.slice(1)}"`;
  return random.pick([
    ...Array.from({ length: 6 }, () => `{${name}:${text}}`),
    `{${name}:${innocent},${name}:${text}}`,
    `{${name}:${text},${name}:${innocent}}`,
    `{${escaped}:${text}}`,
    `{${name}:${innocent},${escaped}:${text}}`,
    `{"__proto__":{${name}:${text}}}`,
    `{"${key[0]?.toUpperCase()}${key.slice(1)}":${text},${name}:${innocent}}`,
    `\ufeff{${name}:${text}}`,
  ]);
}

function json(method: string, target: string, body: string, random: RandomSource): Attack {
  const attack = withJson(method, target, body, random.pick(TYPES));
  return random.chance(0.15) ? { ...attack, framing: 'chunked' } : attack;
}

function prefixed(address: string, random: RandomSource): string {
  if (random.chance(0.04)) return random.pick(BEFORE) + address;
  if (random.chance(0.97)) return address;
  return random.pick([
    address.toUpperCase(),
    address.replace('a', '%61'),
    address.replaceAll('/', '//'),
    address.replaceAll('/', '%2f'),
  ]);
}

function aim(random: RandomSource): string {
  return random.chance(0.6) ? random.pick(HIDDEN_PLACES) : random.pick(VISIBLE);
}

function aimed(random: RandomSource): string {
  return spellPath(aim(random), random);
}

function query(random: RandomSource): string {
  if (random.chance(0.5)) return '';
  return `?${Array.from({ length: 1 + random.below(3) }, () => random.pick(QUERY)).join('&')}`;
}

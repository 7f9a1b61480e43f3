/** Ways to write a path that somebody, somewhere, decodes to what it should not be. */
import type { RandomSource } from '../../random-source.ts';

const CLIMB = [
  '..',
  '..',
  '%2e%2e',
  '.%2e',
  '%2E.',
  '%252e%252e',
  '..;',
  '..%00',
  '..%20',
  '...',
  '%c0%ae%c0%ae',
];
const SEPARATOR = [
  '%2f',
  '%2F',
  '//',
  '/./',
  '/%2e/',
  '/%2f',
  '%252f',
  '\\',
  '%5c',
  '%c0%af',
  '/x/../',
  '/\t/',
];
const ENDING = [
  '/',
  '%2f',
  '%2F%2F',
  '/.',
  '/..',
  '%00',
  '%20',
  '.',
  ';a=b',
  '%3f',
  '%23',
  '#',
  '::$DATA',
  '~',
  '%0a',
];
const ADDRESS = [
  '/checkpoints',
  '/checkpoints/checkpoint',
  '%2fcheckpoints',
  '/%63heckpoints',
  '/trust',
  '%2ftrust',
];
const BELOW = [
  'pub',
  'pub/dir',
  'pub/ada',
  'pub/ada/sub',
  'pub/nothing',
  'pub/a.txt',
  'pub/checkpoints',
  'pub/%2e%2e',
];
/** Letters that a normal form turns into the one they stand for. */
const ALIKE: Readonly<Record<string, string>> = {
  p: '\uff50',
  i: '\u0131',
  s: '\u017f',
  '.': '\uff0e',
  k: '\u212a',
};

/** `path` for a body or a query: decoded, but maybe by way of a place within reach. */
export function detour(path: string, random: RandomSource): string {
  if (random.chance(0.3)) return random.pick(['', '/', './', ' ', 'RTC:', '//', '../', 'pub/../']) + path;
  const start = random.pick(BELOW);
  const up = Array.from({ length: start.split('/').length }, () =>
    random.pick(['..', '..', '..', '.', '%2e%2e']),
  );
  return [start, ...up, path].join(random.chance(0.9) ? '/' : random.pick(['//', '\\', '/./']));
}

/** `path` for a request target, with its first slash: spelt straight or by a detour, with a trick or two. */
export function spellPath(path: string, random: RandomSource): string {
  const start = random.chance(0.5) ? random.pick(BELOW).split('/') : [];
  const up = start.map(() => (random.chance(0.7) ? '..' : random.pick(CLIMB)));
  const names = path.split('/').map((name) => (name === '..' ? '..' : spellName(name, random)));
  const segments = [...start.map((name) => spellName(name, random)), ...up, ...names];
  const trick = random.chance(0.4) ? random.below(segments.length) : -1;
  const spelt = segments
    .map((segment, at) => (at === trick ? random.pick(SEPARATOR) : '/') + segment)
    .join('');
  const encoded = random.chance(0.3) ? `/${spelt.slice(1).replaceAll('/', '%2F')}` : spelt;
  if (random.chance(0.12)) return encoded + random.pick(ENDING);
  return random.chance(0.1) ? encoded + random.pick(ADDRESS) : encoded;
}

function spellName(name: string, random: RandomSource): string {
  const plain = encodeURIComponent(name);
  if (random.chance(0.7)) return plain;
  const at = random.below(name.length);
  const letter = name[at] ?? '';
  const other = random.pick([
    letter,
    letter,
    letter,
    `%${hex(letter)}`,
    ALIKE[letter] ?? letter,
    letter.toUpperCase(),
    `${letter}\u200d`,
    letter.normalize('NFD'),
  ]);
  const [before, after] = [name.slice(0, at), name.slice(at + 1)].map(encodeURIComponent);
  // A letter that stays itself is encoded although it need not be.
  return (
    before +
    (other === letter && /[!-~]/.test(letter) ? `%${hex(letter)}` : encodeURIComponent(other)) +
    after
  );
}

function hex(letter: string): string {
  return letter.charCodeAt(0).toString(16).padStart(2, '0');
}

/**
 * Takes one secret out of a text, however each of its characters is written there: as it is, percent-encoded (once or
 * twice), as an HTML reference or as a JSON escape. Jupyter's own templates mix these within one value
 * (`data-jupyter-api-token` is percent-encoded but for `/`, links are HTML-escaped, the page config is JSON).
 */

export type Scrub = (text: string) => string;

const NAMED: Readonly<Record<string, readonly string[]>> = {
  '&': ['amp'],
  '<': ['lt'],
  '>': ['gt'],
  '"': ['quot'],
  "'": ['apos'],
  '+': ['plus'],
  '/': ['sol'],
  '=': ['equals'],
};

/** A function that removes `secret`; one that changes nothing when there is none. */
export function createScrubber(secret: string | undefined): Scrub {
  if (secret === undefined || secret === '') return (text) => text;
  const pattern = new RegExp(Array.from(secret, anySpelling).join(''), 'gu');
  return (text) => text.replace(pattern, '');
}

function anySpelling(character: string): string {
  const spellings = [literal(character), percent(character), json(character), ...references(character)];
  if (character === ' ') spellings.push('\\+');
  // The longer spellings first, so that `&` does not match the beginning of `&amp;` and leave its rest.
  return `(?:${spellings.toReversed().join('|')})`;
}

function literal(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
}

function percent(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `%(?:25)?${anyCase(byte.toString(16).padStart(2, '0'))}`)
    .join('');
}

/** `\uXXXX` for each unit, and the short escapes of JSON. */
function json(character: string): string {
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  const long = units.map((unit) => `\\\\u${anyCase(unit.toString(16).padStart(4, '0'))}`).join('');
  return /["\\/]/.test(character) ? `\\\\${literal(character)}|${long}` : long;
}

function references(character: string): string[] {
  const point = character.codePointAt(0) ?? 0;
  const named = (NAMED[character] ?? []).map((name) => `&${name};`);
  return [`&#0*${point};`, `&#[xX]0*${anyCase(point.toString(16))};`, ...named];
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`);
}

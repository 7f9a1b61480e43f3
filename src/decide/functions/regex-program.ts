/**
 * A regular expression without backtracking: parsed into a small program that is run on all its states at once
 * (Thompson's construction), so that nothing is ever tried again.
 * Understands literals, `.`, `[a-z]`, `\d \w \s` and their opposites, `( )`, `|`, `*`, `+`, `?`, `^` and `$`.
 */

export type Instruction =
  | { readonly op: 'char'; readonly test: (code: number) => boolean }
  | { op: 'split'; first: number; second: number }
  | { op: 'jump'; to: number }
  | { readonly op: 'start' | 'end' | 'match' };

export const MAX_REGEX_LENGTH = 256;
const CLASSES: Readonly<Record<string, RegExp>> = { d: /\d/, D: /\D/, w: /\w/, W: /\W/, s: /\s/, S: /\S/ };

/** Compiles `source`. Throws a `TypeError` that says what is not supported, and where. */
export function compileRegex(source: string): readonly Instruction[] {
  if (source.length > MAX_REGEX_LENGTH)
    throw new TypeError(`expected at most ${MAX_REGEX_LENGTH} characters`);
  const program: Instruction[] = [];
  const end = alternatives({ source, program, depth: 0 }, 0);
  if (end < source.length) throw unsupported(source, end);
  program.push({ op: 'match' });
  return program;
}

interface Compiler {
  readonly source: string;
  readonly program: Instruction[];
  readonly depth: number;
}

function alternatives(compiler: Compiler, from: number): number {
  const { source, program } = compiler;
  const begin = program.length;
  let at = sequence(compiler, from);
  if (source[at] !== '|') return at;
  program.splice(begin, 0, { op: 'split', first: begin + 1, second: 0 });
  shift(program, begin + 1, 1, begin);
  const jump = { op: 'jump' as const, to: 0 };
  program.push(jump);
  const split = program[begin];
  if (split?.op === 'split') split.second = program.length;
  at = alternatives(compiler, at + 1);
  jump.to = program.length;
  return at;
}

function sequence(compiler: Compiler, from: number): number {
  let at = from;
  while (at < compiler.source.length && compiler.source[at] !== '|' && compiler.source[at] !== ')') {
    at = repeated(compiler, at);
  }
  return at;
}

function repeated(compiler: Compiler, from: number): number {
  const { source, program } = compiler;
  const begin = program.length;
  const at = atom(compiler, from);
  const sign = source[at];
  if (sign !== '*' && sign !== '+' && sign !== '?') return at;
  if (/[*+?]/.test(source[at + 1] ?? '')) throw unsupported(source, at + 1);
  if (sign === '+') {
    program.push({ op: 'split', first: begin, second: program.length + 1 });
    return at + 1;
  }
  program.splice(begin, 0, { op: 'split', first: begin + 1, second: 0 });
  shift(program, begin + 1, 1, begin);
  if (sign === '*') program.push({ op: 'jump', to: begin });
  const split = program[begin];
  if (split?.op === 'split') split.second = program.length;
  return at + 1;
}

/** Moves the targets of the instructions from `from` on after `by` were put in before them at `origin`. */
function shift(program: readonly Instruction[], from: number, by: number, origin: number): void {
  for (const instruction of program.slice(from)) {
    if (instruction.op === 'jump' && instruction.to >= origin) instruction.to += by;
    if (instruction.op !== 'split') continue;
    if (instruction.first >= origin) instruction.first += by;
    if (instruction.second >= origin) instruction.second += by;
  }
}

function atom(compiler: Compiler, at: number): number {
  const { source, program, depth } = compiler;
  const sign = source[at] ?? '';
  if (sign === '(') {
    if (source[at + 1] === '?' || depth >= 16) throw unsupported(source, at);
    const end = alternatives({ ...compiler, depth: depth + 1 }, at + 1);
    if (source[end] !== ')') throw new TypeError('expected `)` at the end of the group');
    return end + 1;
  }
  if (sign === '^' || sign === '$') {
    program.push({ op: sign === '^' ? 'start' : 'end' });
    return at + 1;
  }
  if (sign === '[') return characterClass(compiler, at + 1);
  if (/[*+?{}\]]/.test(sign)) throw unsupported(source, at);
  if (sign === '\\') {
    program.push({ op: 'char', test: escaped(source, at) });
    return at + 2;
  }
  program.push({ op: 'char', test: sign === '.' ? isNoLineEnd : is(sign) });
  return at + 1;
}

function characterClass(compiler: Compiler, from: number): number {
  const { source, program } = compiler;
  const negated = source[from] === '^';
  const tests: ((code: number) => boolean)[] = [];
  let at = negated ? from + 1 : from;
  while (source[at] !== ']') {
    const sign = source[at];
    if (sign === undefined) throw new TypeError('expected `]` at the end of the class');
    const to = source[at + 2];
    if (sign === '\\') {
      tests.push(escaped(source, at));
      at += 2;
    } else if (source[at + 1] === '-' && to !== undefined && to !== ']') {
      if (to === '\\' || to < sign) throw unsupported(source, at);
      tests.push(inRange(sign.charCodeAt(0), to.charCodeAt(0)));
      at += 3;
    } else {
      tests.push(is(sign));
      at += 1;
    }
  }
  program.push({ op: 'char', test: (code) => tests.some((test) => test(code)) !== negated });
  return at + 1;
}

function escaped(source: string, at: number): (code: number) => boolean {
  const sign = source[at + 1] ?? '';
  const pattern = Object.hasOwn(CLASSES, sign) ? CLASSES[sign] : undefined;
  if (pattern !== undefined) return (code) => pattern.test(String.fromCharCode(code));
  if (sign === '' || /[A-Za-z0-9]/.test(sign)) throw unsupported(source, at);
  return is(sign);
}

function is(sign: string): (code: number) => boolean {
  const expected = sign.charCodeAt(0);
  return (code) => code === expected;
}

function inRange(from: number, to: number): (code: number) => boolean {
  return (code) => code >= from && code <= to;
}

function isNoLineEnd(code: number): boolean {
  return code !== 10 && code !== 13 && code !== 0x2028 && code !== 0x2029;
}

function unsupported(source: string, at: number): TypeError {
  return new TypeError(`\`${source.slice(at, at + 3)}\` at character ${at + 1} is not supported`);
}

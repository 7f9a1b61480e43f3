/** `regexMatch(text, pattern)`: like Casbin's, unanchored, but in bounded time and for the syntax of `regex-program.ts` only. */
import { compileRegex } from './regex-program.ts';
import type { Instruction } from './regex-program.ts';

/** Whether `pattern` is found somewhere in `text`. Throws a `TypeError` when `pattern` is not supported. */
export function regexMatch(text: string, pattern: string): boolean {
  const program = compileRegex(pattern);
  let states = new Set<number>();
  for (let at = 0; at <= text.length; at++) {
    follow(program, states, 0, at, text.length);
    const next = new Set<number>();
    for (const state of states) {
      const instruction = program[state];
      if (instruction?.op === 'match') return true;
      if (instruction?.op === 'char' && at < text.length && instruction.test(text.charCodeAt(at))) {
        follow(program, next, state + 1, at + 1, text.length);
      }
    }
    states = next;
  }
  return false;
}

/** Reason why `pattern` is not supported, or `undefined`. */
export function checkRegex(pattern: string): string | undefined {
  try {
    compileRegex(pattern);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Adds every state that can be reached from `from` without reading a character. */
function follow(
  program: readonly Instruction[],
  states: Set<number>,
  from: number,
  at: number,
  length: number,
): void {
  const open = [from];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const instruction = program[state];
    if (instruction === undefined || states.has(state)) continue;
    states.add(state);
    if (instruction.op === 'jump') open.push(instruction.to);
    else if (instruction.op === 'split') open.push(instruction.second, instruction.first);
    else if (instruction.op === 'start' && at === 0) open.push(state + 1);
    else if (instruction.op === 'end' && at === length) open.push(state + 1);
  }
}

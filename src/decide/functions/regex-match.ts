/** `regexMatch(text, pattern)`: like Casbin's, unanchored, but in bounded time and for the syntax of `regex-program.ts` only. */
import { createBoundedCache } from '../bounded-cache.ts';
import { compileRegex } from './regex-program.ts';
import type { Instruction } from './regex-program.ts';

/** Instructions that are open at once. What a character makes of them is found out the first time it comes. */
interface Step {
  readonly open: readonly number[];
  readonly isFound: boolean;
  readonly after: Map<number, Way>;
}

interface Way {
  readonly to: Step;
  /** The last run that went it. */
  run: number;
}

interface Place {
  readonly isStart: boolean;
  readonly isEnd: boolean;
}

interface Machine {
  readonly program: readonly Instruction[];
  readonly begin: Step;
  /** By the instructions they were entered with. */
  readonly steps: Map<string, Step>;
  /** Ways, and instructions of the steps. */
  size: number;
  runs: number;
}

/** Open instructions on all the ways of one run: with more of them a verdict might take longer than a millisecond. */
const MAX_OPEN = 10_000;
/** What is remembered of one pattern; looked at between two runs, so that no way is counted twice in one. */
const MAX_SIZE = 10_000;
const MAX_MACHINES = 64;

const machines = createBoundedCache<Machine>(MAX_MACHINES);

/**
 * Whether `pattern` is found somewhere in `text`. Throws a `TypeError` when `pattern` is not supported, and when it takes
 * the text on too many ways; which do is the same at all times, whatever is remembered.
 */
export function regexMatch(text: string, pattern: string): boolean {
  let machine = machines.get(pattern);
  if (machine === undefined || machine.size > MAX_SIZE)
    machines.set(pattern, (machine = machineOf(compileRegex(pattern))));
  const run = ++machine.runs;
  let step = machine.begin;
  let open = 0;
  for (let at = 0; at < text.length && !step.isFound; at++) {
    const code = text.charCodeAt(at);
    const way = step.after.get(code) ?? wayFrom(machine, step, code);
    if (way.run !== run) {
      way.run = run;
      open += step.open.length + way.to.open.length;
      if (open > MAX_OPEN) throw new TypeError('the text takes the pattern too many steps');
    }
    step = way.to;
  }
  if (step.isFound) return true;
  const atEnd = follow(machine.program, step.open, { isStart: text === '', isEnd: true });
  return hasMatch(machine.program, atEnd);
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

function machineOf(program: readonly Instruction[]): Machine {
  const begin = stepOf(program, [0], { isStart: true, isEnd: false });
  return { program, begin, steps: new Map(), size: 0, runs: 0 };
}

function wayFrom(machine: Machine, step: Step, code: number): Way {
  const { program, steps } = machine;
  // a match may begin at every character
  const entered = [0];
  for (const at of step.open) {
    const instruction = program[at];
    if (instruction?.op === 'char' && instruction.test(code)) entered.push(at + 1);
  }
  const key = entered.join();
  const isKnown = steps.has(key);
  const to = steps.get(key) ?? stepOf(program, entered, { isStart: false, isEnd: false });
  steps.set(key, to);
  const way = { to, run: 0 };
  step.after.set(code, way);
  machine.size += 1 + (isKnown ? 0 : to.open.length);
  return way;
}

function stepOf(program: readonly Instruction[], entered: readonly number[], place: Place): Step {
  const open = follow(program, entered, place);
  return { open, isFound: hasMatch(program, open), after: new Map() };
}

function hasMatch(program: readonly Instruction[], open: readonly number[]): boolean {
  return open.some((state) => program[state]?.op === 'match');
}

/** Every instruction that can be reached without reading a character, in their order. */
function follow(
  program: readonly Instruction[],
  from: readonly number[],
  { isStart, isEnd }: Place,
): readonly number[] {
  const reached = new Set<number>();
  const open = [...from];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const instruction = program[state];
    if (instruction === undefined || reached.has(state)) continue;
    reached.add(state);
    if (instruction.op === 'jump') open.push(instruction.to);
    else if (instruction.op === 'split') open.push(instruction.second, instruction.first);
    else if (instruction.op === 'start' && isStart) open.push(state + 1);
    else if (instruction.op === 'end' && isEnd) open.push(state + 1);
  }
  return [...reached].sort((a, b) => a - b);
}

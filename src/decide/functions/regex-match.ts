/** `regexMatch(text, pattern)`: like Casbin's, unanchored, but in bounded time and for the syntax of `regex-program.ts` only. */
import { createBoundedCache } from '../bounded-cache.ts';
import { spend } from '../effort.ts';
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
  begin: Step;
  /** By the instructions they were entered with. */
  readonly steps: Map<string, Step>;
  /** The walk that came by each instruction last. */
  readonly walks: Int32Array;
  walk: number;
  /** Ways, and instructions of the steps. */
  size: number;
  runs: number;
}

/** Open instructions on all the ways of one run: with more of them a verdict might take longer than a millisecond. */
const MAX_OPEN = 10_000;
/** What is remembered of one pattern; looked at between two runs, so that no way is counted twice in one. */
const MAX_SIZE = 2000;
/** More than there are patterns in most policies: what is forgotten is compiled again, in 50 µs. */
const MAX_MACHINES = 1024;
const STEPS_OF_INSTRUCTION = 4;

const machines = createBoundedCache<Machine>(MAX_MACHINES);

/**
 * Whether `pattern` is found somewhere in `text`. Throws a `TypeError` when `pattern` is not supported, and when it takes
 * the text on too many ways; which do is the same at all times, whatever is remembered.
 */
export function regexMatch(text: string, pattern: string): boolean {
  let machine = machines.get(pattern);
  if (machine === undefined || machine.size > MAX_SIZE)
    machines.set(pattern, (machine = machineOf(compileRegex(pattern))));
  spend(text.length);
  const run = ++machine.runs;
  let step = machine.begin;
  let open = 0;
  for (let at = 0; at < text.length && !step.isFound; at++) {
    const code = text.charCodeAt(at);
    const way = step.after.get(code) ?? wayFrom(machine, step, code);
    if (way.run !== run) {
      way.run = run;
      open += step.open.length + way.to.open.length;
      spend((step.open.length + way.to.open.length) * STEPS_OF_INSTRUCTION);
      if (open > MAX_OPEN) throw new TypeError('the text takes the pattern too many steps');
    }
    step = way.to;
  }
  if (step.isFound) return true;
  const atEnd = follow(machine, step.open, { isStart: text === '', isEnd: true });
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
  const walks = new Int32Array(program.length);
  const begin: Step = { open: [], isFound: false, after: new Map() };
  const machine: Machine = { program, begin, steps: new Map(), walks, walk: 0, size: 0, runs: 0 };
  machine.begin = stepOf(machine, [0], { isStart: true, isEnd: false });
  return machine;
}

function wayFrom(machine: Machine, step: Step, code: number): Way {
  const { program, steps } = machine;
  // a match may begin at every character
  const entered = [0];
  for (const at of step.open) {
    const instruction = program[at];
    if (instruction?.op === 'char' && instruction.test(code)) entered.push(at + 1);
  }
  const key = String.fromCharCode(...entered);
  const known = steps.get(key);
  const to = known ?? stepOf(machine, entered, { isStart: false, isEnd: false });
  if (known === undefined) steps.set(key, to);
  const way = { to, run: 0 };
  step.after.set(code, way);
  machine.size += 1 + (known === undefined ? to.open.length : 0);
  return way;
}

function stepOf(machine: Machine, entered: readonly number[], place: Place): Step {
  const open = follow(machine, entered, place);
  return { open, isFound: hasMatch(machine.program, open), after: new Map() };
}

function hasMatch(program: readonly Instruction[], open: readonly number[]): boolean {
  return open.some((state) => program[state]?.op === 'match');
}

/** Every instruction that can be reached without reading a character and does something then, in their order. */
function follow(machine: Machine, from: readonly number[], { isStart, isEnd }: Place): readonly number[] {
  const { program, walks } = machine;
  const walk = ++machine.walk;
  const open = [...from];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const instruction = program[state];
    if (instruction === undefined || walks[state] === walk) continue;
    walks[state] = walk;
    if (instruction.op === 'jump') open.push(instruction.to);
    else if (instruction.op === 'split') open.push(instruction.second, instruction.first);
    else if (instruction.op === 'start' && isStart) open.push(state + 1);
    else if (instruction.op === 'end' && isEnd) open.push(state + 1);
  }
  const reached: number[] = [];
  for (let state = 0; state < program.length; state++) {
    const op = program[state]?.op;
    if (walks[state] === walk && op !== 'jump' && op !== 'split') reached.push(state);
  }
  return reached;
}

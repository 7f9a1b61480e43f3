/** Sends a corpus through one door and says what each request led to. */
import type { Attack } from './corpus/attack.ts';
import type { Finding, Judge } from './judge.ts';
import { send } from './wire.ts';
import type { Door, Heard, Names } from './wire.ts';

export interface Outcome {
  readonly attack: Attack;
  readonly status: number;
  /** The gate's code of a refusal; `''` without one. */
  readonly code: string;
  readonly findings: readonly Finding[];
}

export interface RunOptions {
  readonly door: Door;
  readonly names: Names;
  readonly judge: Judge;
  /** What may be under way together; when something moved all the same, each of them is sent again by itself. */
  readonly together: (attack: Attack) => boolean;
  /** Told about each request that led somewhere. */
  readonly found?: (outcome: Outcome) => void;
}

/** Requests under way at the same time. */
const TOGETHER = 8;
const OBJECTS = /kernel|session|terminal/i;

export async function runCorpus(
  attacks: readonly Attack[],
  options: RunOptions,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const waiting = [...attacks];
  while (waiting.length > 0) {
    const together = firstOf(waiting, options.together);
    const batch = together.length > 0 ? together : waiting.slice(0, 1);
    waiting.splice(0, batch.length);
    const done = await runBatch(batch, options);
    for (const outcome of done) if (outcome.findings.length > 0) options.found?.(outcome);
    outcomes.push(...done);
  }
  return outcomes;
}

/** Changes nothing by what it says it is. */
export function isQuiet(attack: Attack): boolean {
  return ['GET', 'HEAD'].includes(attack.method) && !concernsObjects(attack);
}

function firstOf(attacks: readonly Attack[], together: RunOptions['together']): readonly Attack[] {
  const end = attacks.findIndex((attack, at) => at === TOGETHER || !together(attack));
  return attacks.slice(0, end < 0 ? attacks.length : end);
}

async function runBatch(batch: readonly Attack[], options: RunOptions): Promise<readonly Outcome[]> {
  const { door, names, judge } = options;
  const answers = await Promise.all(
    batch.map(async (attack) => ({ attack, heard: await send(attack, door, names) })),
  );
  const moved = [...judge.files(), ...(batch.some(concernsObjects) ? await judge.objects() : [])];
  if (batch.length > 1 && moved.length > 0) return oneByOne(batch, options);
  return answers.map(({ attack, heard }) => ({
    attack,
    status: heard.status,
    code: codeIn(heard),
    findings: [...judge.answer(attack, heard), ...moved],
  }));
}

async function oneByOne(batch: readonly Attack[], options: RunOptions): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const attack of batch) outcomes.push(...(await runBatch([attack], options)));
  return outcomes;
}

function concernsObjects({ target, headers = [] }: Attack): boolean {
  return OBJECTS.test(`${target} ${headers.join(' ')}`);
}

function codeIn({ body }: Heard): string {
  return /"code": ?"([A-Z_]+)"/.exec(body.toString('latin1', 0, 4096))?.[1] ?? '';
}

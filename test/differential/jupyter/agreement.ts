/** The corpus through the gate and past it, on one server, and what the two say about each other. */
import { corpus } from './corpus/corpus.ts';
import type { Attack } from './corpus/attack.ts';
import type { Finding } from './judge.ts';
import { isQuiet, runCorpus } from './run-corpus.ts';
import type { Outcome } from './run-corpus.ts';
import { openStage } from './stage.ts';
import type { Server } from './stage.ts';

export interface Agreement {
  /** Requests sent through the gate. */
  readonly requests: number;
  /** What got through the gate that must not, each with the request as it was sent: empty, or there is a hole. */
  readonly holes: readonly string[];
  /** Requests that led somewhere when they were sent past the gate. */
  readonly caught: number;
  /** Different canaries, files and objects that they reached, by kind. */
  readonly reached: Readonly<Record<Finding['kind'], number>>;
  /** Requests that begin with a place within reach and led out of it past the gate. */
  readonly disguised: number;
  /** Ordinary requests that went well past the gate and not through it, with its answer. */
  readonly ordinaryRefused: readonly string[];
  /** Requests that did no harm past the gate and that no rule refuses. */
  readonly harmless: number;
  /** How many of these the gate refused, by its code. */
  readonly refused: Readonly<Record<string, number>>;
  /** Whether the cells of notebooks that ada may not sign are trusted, at the end of each run. */
  readonly trusted: { readonly gate: readonly unknown[]; readonly past: readonly unknown[] };
  /** Milliseconds of each run. */
  readonly took: { readonly gate: number; readonly past: number };
}

export interface AgreementOptions {
  /** Generated requests. */
  readonly count: number;
  readonly seed: number;
  /** Sent past the gate: each so many of the hostile requests, and all that are ordinary; all of them when left out. */
  readonly pastEach?: number;
  /** Told about each hole at once. */
  readonly onHole?: (hole: string) => void;
}

/** Refusals by a rule: whatever the address looks like, ada may not. */
const BY_RULE = /^(?:DENIED_|NOT_FOUND$|OBJECT_FOREIGN$|SIGN_IN_REQUIRED$)/;

export async function compareDoors(server: Server, options: AgreementOptions): Promise<Agreement> {
  const stage = await openStage(server);
  try {
    const attacks = corpus(options.count, options.seed);
    const { names, judge } = stage;
    const holes: string[] = [];
    const hole = (text: string): void => {
      holes.push(text);
      options.onHole?.(text);
    };
    const [gate, gateTook] = await timed(() =>
      runCorpus(attacks, {
        door: stage.gate,
        names,
        judge,
        found: (outcome) => hole(printed(outcome)),
        // Nothing should move; only what is ordinary would get in each other's way.
        together: (attack) => attack.ordinary !== true || isQuiet(attack),
      }),
    );
    for (const { what } of await judge.objects()) hole(`at the end ${what}`);
    for (const { attack, status } of gate)
      if (status === 0 && attack.framing !== 'untold') hole(`no answer to ${JSON.stringify(attack)}`);
    if (!(await stage.alive())) hole('at the end the server does not answer');
    const trustedByGate = await stage.trusted();
    const sent = sample(
      attacks.filter(({ spared }) => spared !== true),
      options.pastEach ?? 1,
    );
    const [past, pastTook] = await timed(() =>
      runCorpus(sent, { door: stage.past, names, judge, together: isQuiet }),
    );
    return {
      requests: gate.length,
      holes,
      ...caughtBy(past),
      ordinaryRefused: ordinaryRefused(gate, past),
      ...harmlessOf(gate, past),
      trusted: { gate: trustedByGate, past: await stage.trusted() },
      took: { gate: gateTook, past: pastTook },
    };
  } finally {
    await stage.stop();
  }
}

/** What signs a notebook is in it too: the last word on trust is asked for at the end. */
function sample(attacks: readonly Attack[], each: number): readonly Attack[] {
  return attacks.filter(
    ({ ordinary, target }, index) => ordinary === true || target.includes('trust') || index % each === 0,
  );
}

function caughtBy(past: readonly Outcome[]): Pick<Agreement, 'caught' | 'reached' | 'disguised'> {
  const different = {
    leak: new Set(),
    change: new Set(),
    copy: new Set(),
    object: new Set(),
    socket: new Set(),
  };
  const caught = past.filter(({ findings }) => findings.length > 0);
  for (const { kind, what } of caught.flatMap(({ findings }) => findings)) different[kind].add(what);
  const { leak, change, copy, object, socket } = different;
  return {
    caught: caught.length,
    reached: {
      leak: leak.size,
      change: change.size,
      copy: copy.size,
      object: object.size,
      socket: socket.size,
    },
    disguised: caught.filter(({ attack }) =>
      /^[^?]*?\/(?:p|%70)(?:u|%75)(?:b|%62)(?:\/|%2f)/i.test(attack.target),
    ).length,
  };
}

/** A server that has no JupyterLab, or fails by itself, is not the gate's business. */
function ordinaryRefused(gate: readonly Outcome[], past: readonly Outcome[]): readonly string[] {
  const well = new Set(past.filter(({ status }) => status < 400).map(({ attack }) => attack));
  return gate
    .filter(({ attack, status }) => attack.ordinary === true && status >= 400 && well.has(attack))
    .map(({ attack, status, code }) => `${attack.method} ${attack.target}: ${status} ${code}`);
}

/** What Jupyter itself answers well and without harm, and the gate refuses for its form and not by a rule. */
function harmlessOf(
  gate: readonly Outcome[],
  past: readonly Outcome[],
): Pick<Agreement, 'harmless' | 'refused'> {
  const answered = new Map<Attack, Outcome>(gate.map((outcome) => [outcome.attack, outcome]));
  const refused: Record<string, number> = {};
  let harmless = 0;
  for (const { attack, status, findings } of past) {
    const { status: given = 0, code = '' } = answered.get(attack) ?? {};
    // A page that says no by a rule carries no code.
    const byRule = BY_RULE.test(code) || (given === 403 && code === '');
    if (status < 200 || status >= 300 || findings.length > 0 || byRule) continue;
    harmless += 1;
    if (given >= 400 || given === 0)
      refused[code || `status ${given}`] = (refused[code || `status ${given}`] ?? 0) + 1;
  }
  return { harmless, refused };
}

/** The request as the corpus keeps it, to be pasted into `FOUND`. */
function printed({ attack, status, findings }: Outcome): string {
  const what = findings.map(({ kind, what: which }) => `${kind} of ${which}`).join('; ');
  return `${what}, answered ${status}: ${JSON.stringify(attack)}`;
}

async function timed<Result>(work: () => Promise<Result>): Promise<readonly [Result, number]> {
  const start = performance.now();
  const result = await work();
  return [result, Math.round(performance.now() - start)];
}

/**
 * Asks plain Casbin about a share of the verdicts a compiled policy gives, in a thread of its own and after the request
 * was answered: one question at a time, and after each a pause of 99 times what it cost.
 */
import { Worker } from 'node:worker_threads';
import type { Question } from '../../core/question.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { WorkerAnswer } from './casbin-worker.ts';
import type { Evidence } from './evidence.ts';
import type { Opinion } from './plain-casbin.ts';

/** A verdict that Casbin would not have given. */
export interface Difference {
  readonly verdict: Verdict;
  readonly question: Question;
  readonly opinion: Opinion;
}

/** Told of every verdict of a compiled policy. `gather` is called later, seldom, and for this question. */
export type Witness = (
  question: Question,
  verdict: Verdict,
  gather: (question: Question) => Evidence | undefined,
) => void;

export interface SecondOpinion {
  readonly witness: Witness;
  close(): Promise<void>;
}

export interface SecondOpinionOptions {
  readonly onDifference: (difference: Difference) => void;
  /** What went wrong with the thread; verdicts do not rest on it. */
  readonly onFailure: (error: unknown) => void;
  /** Milliseconds before the first question, so that a start has nothing else to do; 10 s when left out. */
  readonly firstAfter?: number | undefined;
  /** The module of the thread. */
  readonly module?: URL | undefined;
}

/** One core's share: a hundredth. */
const PAUSE_FACTOR = 99;
/** Milliseconds; at least this long between two questions, and this long after a failure. */
const SHORTEST_PAUSE = 100;
const PAUSE_AFTER_FAILURE = 60_000;
const FIRST_AFTER = 10_000;
/** A thread that does not answer for so long is given up, ms. */
const PATIENCE = 30_000;

const WORKER = new URL('./casbin-worker.js', import.meta.url);

/** Starts with the first question; the thread does not keep the process alive. */
export function createSecondOpinion(options: SecondOpinionOptions): SecondOpinion {
  let isResting = true;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  const thread = createThread(options.module ?? WORKER);

  function rest(milliseconds: number): void {
    isResting = true;
    if (isClosed) return;
    timer = setTimeout(() => {
      isResting = false;
    }, milliseconds);
    timer.unref();
  }

  async function compare(
    question: Question,
    verdict: Verdict,
    gather: (question: Question) => Evidence | undefined,
  ): Promise<void> {
    const since = performance.now();
    const evidence = gather(question);
    const gathered = performance.now() - since;
    if (evidence?.revision !== verdict.revision) {
      rest(SHORTEST_PAUSE + gathered * PAUSE_FACTOR);
      return;
    }
    const { opinion, took } = await thread.ask(evidence);
    rest(Math.max(SHORTEST_PAUSE, (gathered + took) * PAUSE_FACTOR));
    if (!isSame(verdict, opinion)) options.onDifference({ verdict, question, opinion });
  }

  rest(options.firstAfter ?? FIRST_AFTER);
  return {
    witness(question, verdict, gather) {
      if (isResting) return;
      isResting = true;
      setImmediate(() => {
        compare(question, verdict, gather).catch((error: unknown) => {
          if (!isClosed) options.onFailure(error);
          rest(PAUSE_AFTER_FAILURE);
        });
      });
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await thread.close();
    },
  };
}

function isSame(verdict: Verdict, { allowed, rule, failed }: Opinion): boolean {
  const hasFailed = verdict.code === 'DENIED_CONDITION_FAILED';
  return verdict.allowed === allowed && hasFailed === failed && (failed || verdict.rules[0] === rule);
}

interface Thread {
  ask(evidence: Evidence): Promise<WorkerAnswer>;
  close(): Promise<void>;
}

function createThread(module: URL): Thread {
  let worker: Worker | undefined;
  const start = (): Worker => {
    const started = new Worker(module, { resourceLimits: { maxOldGenerationSizeMb: 64 } });
    started.unref();
    return started;
  };
  return {
    ask: (evidence) =>
      new Promise((resolve, reject) => {
        const asked = (worker ??= start());
        const done = (): void => {
          clearTimeout(timer);
          asked.off('message', hear).off('error', fail).off('exit', fail);
        };
        const hear = (reply: WorkerAnswer): void => {
          done();
          resolve(reply);
        };
        const fail = (cause: unknown): void => {
          done();
          worker = undefined;
          void asked.terminate();
          reject(new Error('the thread that asks Casbin ended', { cause }));
        };
        const timer = setTimeout(fail, PATIENCE, 'it did not answer in time');
        timer.unref();
        asked.on('message', hear).on('error', fail).on('exit', fail);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
        asked.postMessage(evidence);
        asked.unref();
      }),
    async close() {
      await worker?.terminate();
    },
  };
}

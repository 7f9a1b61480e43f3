/** The thread in which Casbin is asked: takes evidence, answers with its opinion and the time that took. */
import { parentPort } from 'node:worker_threads';
import { createPlainCasbin } from './plain-casbin.ts';
import type { Evidence } from './evidence.ts';
import type { Opinion } from './plain-casbin.ts';

export interface WorkerAnswer {
  readonly opinion: Opinion;
  /** Milliseconds. */
  readonly took: number;
}

const ask = createPlainCasbin();

parentPort?.on('message', (evidence: Evidence) => {
  void answer(evidence);
});

async function answer(evidence: Evidence): Promise<void> {
  const since = performance.now();
  const opinion = await ask(evidence);
  const reply: WorkerAnswer = { opinion, took: performance.now() - since };
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  parentPort?.postMessage(reply);
}

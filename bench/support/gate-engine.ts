/** The gate's snapshot, as it is built: what runs the bench gives inner functions their names each time they are made. */
import type * as Building from '../../src/decide/build-snapshot.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Question } from '../../src/core/question.ts';
import type { School } from './policies.ts';

const BUILT = new URL('../../dist/src/decide/build-snapshot.js', import.meta.url);

/** `decide` over a school. */
export async function openGate({ document }: School): Promise<(question: Question) => boolean> {
  const { buildSnapshot } = (await import(BUILT.href)) as typeof Building;
  const snapshot = await buildSnapshot(document, { clock: systemClock, allowDefaultAllow: false });
  return (question) => snapshot.decide(question).allowed;
}

/**
 * The judge of an application that brings its own `authorize`: asked anew for every question, within a time limit. What
 * belongs to somebody else is refused before it is asked, and the gate's own administration stays with the policy.
 */
import type { Clock } from '../core/clock.ts';
import type { Authorize, AuthorizeQuestion, Judge } from '../core/judge.ts';
import { isJupyterResource } from '../core/labels.ts';
import { NO_OWNER } from '../core/question.ts';
import type { Question } from '../core/question.ts';
import type { Verdict } from '../core/verdict.ts';

export interface HookJudgeDeps {
  readonly authorize: Authorize;
  /** Answers what is no Jupyter resource. */
  readonly policy: Judge;
  /** Revision of the policy in force, for the record. */
  readonly revision: () => number;
  readonly clock: Clock;
  /** Milliseconds after which an answer counts as failed. */
  readonly timeout: number;
  /** Told what the function threw. */
  readonly onFailure: (error: unknown) => void;
}

/** How long a socket may live on one answer, milliseconds: nothing says when the function would answer otherwise. */
const GOOD_FOR = 10_000;

export function createHookJudge(deps: HookJudgeDeps): Judge {
  async function askHook(question: AuthorizeQuestion): Promise<Verdict> {
    const denied = refusal(deps);
    try {
      const said = await inTime(() => callHook(deps.authorize, question), deps.timeout);
      const verdict = { ...denied, validUntil: deps.clock.now() + GOOD_FOR };
      // A function written in JavaScript may answer with anything; an object is not a yes.
      return said === true
        ? { ...verdict, allowed: true, code: 'ALLOWED' }
        : { ...verdict, code: 'DENIED_BY_HOOK' };
    } catch (error) {
      deps.onFailure(error);
      return { ...denied, code: 'DENIED_HOOK_FAILED', error: messageOf(error) };
    }
  }

  async function answer(question: Question, roles: readonly string[] | null): Promise<Verdict> {
    const { res } = question;
    if (!isJupyterResource(res)) return deps.policy.answer(question, roles);
    if (question.own !== NO_OWNER && question.own !== question.sub) return refusal(deps);
    return askHook(Object.freeze({ ...question, res, roles }));
  }

  return {
    answer,
    async ask(questions, roles) {
      const verdicts: Verdict[] = [];
      for (const question of questions) {
        const verdict = await answer(question, roles);
        verdicts.push(verdict);
        if (!verdict.allowed) break;
      }
      return verdicts;
    },
    // The function may look at whatever the question holds.
    restsOnMessage: () => true,
    // Nothing can be known of what lies below; the function is asked about the directory itself.
    leads: () => false,
  };
}

function refusal({ revision }: HookJudgeDeps): Verdict {
  return {
    allowed: false,
    code: 'DENIED_BY_POLICY',
    rules: [],
    grants: [],
    revision: revision(),
    validUntil: null,
  };
}

async function callHook(authorize: Authorize, question: AuthorizeQuestion): Promise<unknown> {
  return authorize(question.sub, question.act, question.res, question);
}

async function inTime(work: () => Promise<unknown>, timeout: number): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`\`authorize\` gave no answer within ${timeout} ms`)), timeout);
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The ordinary judge: the policy in force. */
import type { Judge } from '../core/judge.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Decider } from '../decide/decider.ts';

export function createPolicyJudge(decider: Decider): Judge {
  return {
    ask(questions, roles) {
      const { current } = decider;
      const verdicts: Verdict[] = [];
      for (const question of questions) {
        const verdict = current.decide(question, roles);
        verdicts.push(verdict);
        if (!verdict.allowed) break;
      }
      return verdicts;
    },
    answer: (question, roles) => decider.current.decide(question, roles),
    restsOnMessage: (question, roles) => decider.current.restsOnMessage(question, roles),
    leads: (question, roles) => decider.current.leads(question, roles),
  };
}

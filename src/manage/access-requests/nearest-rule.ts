/** Of the rules somebody holds, the one that comes nearest to what they were refused. */
import type { NearestRule } from '../../core/access-advice.ts';
import type { RuleRecord } from '../../core/policy.ts';
import type { Question } from '../../core/question.ts';
import type { Snapshot } from '../../decide/decider.ts';
import { parseModel } from '../../decide/parse-model.ts';
import { ruleFit } from '../../decide/rule-fit.ts';

/** Undefined when none of the asker's rules is about that resource. Rules of other people are never looked at. */
export function nearestRule(snapshot: Snapshot, question: Question): NearestRule | undefined {
  const model = parseModel(snapshot.document.model.text);
  let nearest: { readonly rule: RuleRecord; readonly lacks: NearestRule['lacks'] } | undefined;
  let best = -1;
  for (const { rule, matched } of snapshot.explain(question)) {
    const isDeny = rule.fields['eft'] === 'deny';
    if (isDeny && matched) return shown(rule, 'effect');
    const fit = ruleFit(rule, question, model);
    const score = Number(fit.act) * 2 + Number(fit.path);
    if (isDeny || matched || !fit.res || score <= best) continue;
    best = score;
    nearest = { rule, lacks: fit.act ? (fit.path ? 'condition' : 'path') : 'action' };
  }
  return nearest === undefined ? undefined : shown(nearest.rule, nearest.lacks);
}

function shown({ fields }: RuleRecord, lacks: NearestRule['lacks']): NearestRule {
  return { holder: fields['sub'] ?? '', acts: fields['act'] ?? '*', path: fields['path'] ?? '**', lacks };
}

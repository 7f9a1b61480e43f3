/** `/decisions`: why somebody may or may not, and what was answered so far. */
import { z } from 'zod';
import type { Verdict } from '../../core/verdict.ts';
import { explainQuestion, explainRequest } from '../../manage/decisions/explain.ts';
import type { Explained } from '../../manage/decisions/explain.ts';
import { DECISION_CURSOR, listDecisions } from '../../manage/decisions/list-decisions.ts';
import { instant } from '../../manage/views.ts';
import type { DecisionRecord } from '../../store/store.ts';
import { shownPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { consideredRule, decision, nameInput, namePage, pageOf, question, verdict } from '../schemas.ts';

const text = z.string().max(4096);
const askedQuestion = z.strictObject({
  sub: nameInput,
  res: nameInput,
  act: nameInput,
  srv: nameInput.optional(),
  path: text.optional(),
  own: text.optional(),
  msg: text.optional(),
  cell: text.optional(),
  ip: text.optional(),
  time: z.iso.datetime({ offset: true }).optional(),
});
const askedRequest = z.strictObject({
  sub: nameInput,
  method: nameInput,
  url: text,
  body: z.unknown().optional(),
});
const placePage = namePage.extend({
  after: z.string().regex(DECISION_CURSOR).optional().meta({ description: '`next` of the page before' }),
});
const explained = z.object({ question, verdict, considered: z.array(consideredRule) });
const answer = z.union([
  explained.meta({ id: 'ExplainedQuestion' }),
  z.object({ route: z.string(), verdict, questions: z.array(explained) }).meta({
    id: 'ExplainedRequest',
    description: '`verdict` is the first refusal, or the first answer when all are allowed',
  }),
]);

function verdictView(given: Verdict) {
  const { allowed, code, rules, grants, revision, error } = given;
  const base = { allowed, code, rules, grants, revision, valid_until: instant(given.validUntil) };
  return error === undefined ? base : { ...base, error };
}

function explainedView(shown: Explained) {
  return {
    question: shown.question,
    verdict: verdictView(shown.verdict),
    considered: shown.considered.map(({ rule, matched, why }) => ({
      id: rule.id,
      fields: rule.fields,
      matched,
      why,
    })),
  };
}

function decisionView(entry: DecisionRecord) {
  const { at, durationMs, seq: _seq, ...rest } = entry;
  return { ...rest, at: instant(at), duration_ms: durationMs };
}

export const decisionEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/decisions',
    resource: 'gate:decisions',
    action: 'read',
    summary:
      'says whether a question, or every question of a request, is allowed, with every rule considered',
    status: 200,
    answer,
    body: z.union([askedQuestion, askedRequest]),
    example: { sub: 'student1', res: 'contents', act: 'write', path: '/lab/one.ipynb' },
    async handle({ services: { management, classifyUrl }, body }) {
      if (!('method' in body)) return { body: explainedView(await explainQuestion(management, body)) };
      const { route, answers } = await explainRequest(management, classifyUrl, body);
      const decisive = answers.find((shown) => !shown.verdict.allowed) ?? answers[0];
      const questions = answers.map(explainedView);
      return {
        body: {
          route,
          ...(decisive === undefined ? {} : { verdict: verdictView(decisive.verdict) }),
          questions,
        },
      };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/decisions',
    resource: 'gate:decisions',
    action: 'read',
    summary: 'lists what was decided, newest first',
    status: 200,
    answer: pageOf(decision),
    query: placePage.extend({ subject: nameInput.optional(), code: nameInput.optional() }),
    async handle({ services, query: { after, limit, ...filter } }) {
      return {
        body: shownPage(await listDecisions(services.management, filter, { after, limit }), decisionView),
      };
    },
  }),
];

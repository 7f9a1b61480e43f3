/** `/rules`: what roles may do, one Casbin `p` line each. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { addRule } from '../../manage/rules/add-rule.ts';
import { listRules, showRule } from '../../manage/rules/list-rules.ts';
import { removeRule } from '../../manage/rules/remove-rule.ts';
import { ruleView } from '../../manage/views.ts';
import type { Repositories } from '../../store/store.ts';
import { shownPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint, Params } from '../endpoint.ts';
import { idPage, idParam, nameInput, pageOf, rule, ruleFields } from '../schemas.ts';

function idOf(params: Params): number {
  const parsed = idParam.safeParse(params['id']);
  if (!parsed.success)
    throw new AppError('RULE_UNKNOWN', { detail: `expected a number, received \`${params['id']}\`` });
  return parsed.data;
}

async function represent(repositories: Repositories, params: Params) {
  return ruleView(await showRule(repositories, idOf(params)));
}

export const ruleEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/rules',
    resource: 'gate:rules',
    action: 'read',
    summary: 'lists the rules',
    status: 200,
    answer: pageOf(rule),
    query: idPage.extend({
      sub: nameInput.optional(),
      res: nameInput.optional(),
      preset: nameInput.optional(),
    }),
    async handle({ services, query }) {
      const { sub, res, preset } = query;
      const page = await listRules(services.management.store.read, { sub, res, preset }, query);
      return { body: shownPage(page, ruleView) };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/rules',
    resource: 'gate:rules',
    action: 'write',
    summary: 'adds a rule; in force when it answers',
    status: 201,
    answer: rule,
    body: z.strictObject({ fields: ruleFields }),
    example: { fields: { sub: 'role:assistant', res: 'contents', act: 'read|write', path: '/lab/**' } },
    async handle({ services, actor, body }) {
      const { result, revision } = await addRule(services.management, actor, body.fields);
      return { revision, location: `/rules/${result.id}`, body: ruleView(result) };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/rules/{id}',
    resource: 'gate:rules',
    action: 'read',
    summary: 'shows one rule',
    status: 200,
    answer: rule,
    represent,
    handle: async ({ services, params }) => ({
      body: await represent(services.management.store.read, params),
    }),
  }),
  endpoint({
    method: 'DELETE',
    path: '/rules/{id}',
    resource: 'gate:rules',
    action: 'write',
    summary: 'removes one rule; in force when it answers',
    status: 204,
    represent,
    async handle({ services, actor, params }) {
      const { revision } = await removeRule(services.management, actor, idOf(params));
      return { revision };
    },
  }),
];

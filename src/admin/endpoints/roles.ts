/** `/roles`: what roles there are. */
import { z } from 'zod';
import { addRole, putRole } from '../../manage/roles/add-role.ts';
import { listRoles } from '../../manage/roles/list-roles.ts';
import { removeRole } from '../../manage/roles/remove-role.ts';
import { showRole } from '../../manage/roles/show-role.ts';
import { roleView, ruleView } from '../../manage/views.ts';
import type { Repositories } from '../../store/store.ts';
import { shownPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint, Params } from '../endpoint.ts';
import { namePage, pageOf, role, roleInput, roleWithRules, textInput } from '../schemas.ts';

async function represent(repositories: Repositories, params: Params) {
  const shown = await showRole(repositories, params['name'] ?? '');
  return { ...roleView(shown.role), rules: shown.rules.map(ruleView) };
}

export const roleEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/roles',
    resource: 'gate:roles',
    action: 'read',
    summary: 'lists the roles by name',
    status: 200,
    answer: pageOf(role),
    query: namePage,
    handle: async ({ services, query }) => ({
      body: shownPage(await listRoles(services.management, query), roleView),
    }),
  }),
  endpoint({
    method: 'POST',
    path: '/roles',
    resource: 'gate:roles',
    action: 'write',
    summary: 'adds a role, without rules yet',
    status: 201,
    answer: roleWithRules,
    body: z.strictObject({ name: roleInput, description: textInput.optional() }),
    example: { name: 'assistant', description: 'helps in the lab' },
    async handle({ services, actor, body }) {
      const { result, revision } = await addRole(services.management, actor, body);
      return {
        revision,
        location: `/roles/${encodeURIComponent(result.name)}`,
        body: { ...roleView(result), rules: [] },
      };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/roles/{name}',
    resource: 'gate:roles',
    action: 'read',
    summary: 'shows a role with its rules',
    status: 200,
    answer: roleWithRules,
    represent,
    handle: async ({ services, params }) => ({
      body: await represent(services.management.store.read, params),
    }),
  }),
  endpoint({
    method: 'PUT',
    path: '/roles/{name}',
    resource: 'gate:roles',
    action: 'write',
    summary: 'adds a role, or changes its description',
    status: 200,
    answer: roleWithRules,
    represent,
    bodyOptional: true,
    body: z.strictObject({ description: textInput.optional() }),
    example: { description: 'helps in the lab' },
    async handle({ services: { management }, actor, params, body }) {
      const input = { name: params['name'] ?? '', description: body.description };
      const { result, revision } = await putRole(management, actor, input);
      const shown = await represent(management.store.read, params);
      return { revision, body: shown, ...(result.created ? { status: 201 } : {}) };
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/roles/{name}',
    resource: 'gate:roles',
    action: 'write',
    summary: 'removes a role with its rules and grants',
    status: 204,
    represent,
    async handle({ services, actor, params }) {
      const { revision } = await removeRole(services.management, actor, params['name'] ?? '');
      return { revision };
    },
  }),
];

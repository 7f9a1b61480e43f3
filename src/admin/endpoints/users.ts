/** `/users`: who may sign in. */
import { z } from 'zod';
import { assertReaches } from '../../manage/own-rights.ts';
import { requireUser } from '../../manage/require.ts';
import { createLink } from '../../manage/sign-in/create-link.ts';
import { addUser } from '../../manage/users/add-user.ts';
import { changeUser } from '../../manage/users/change-user.ts';
import { listUsers } from '../../manage/users/list-users.ts';
import { removeUser } from '../../manage/users/remove-user.ts';
import { showUser } from '../../manage/users/show-user.ts';
import { grantView, instant, userView } from '../../manage/views.ts';
import type { Repositories } from '../../store/store.ts';
import { shownPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint, Params } from '../endpoint.ts';
import { nameInput, namePage, pageOf, textInput, user, userWithRoles } from '../schemas.ts';

const password = z.string().max(2048).meta({ description: '8 to 1024 characters' });
const link = z
  .object({
    url: z.string().meta({ description: 'shown this once, works once' }),
    user: z.string(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'SignInLink' });

async function represent(repositories: Repositories, params: Params) {
  const shown = await showUser(repositories, params['name'] ?? '');
  return { ...userView(shown.user), roles: shown.grants.map(grantView) };
}

export const userEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/users',
    resource: 'gate:users',
    action: 'read',
    summary: 'lists the people by name',
    status: 200,
    answer: pageOf(user),
    query: namePage,
    handle: async ({ services, query }) => ({
      body: shownPage(await listUsers(services.management, query), userView),
    }),
  }),
  endpoint({
    method: 'POST',
    path: '/users',
    resource: 'gate:users',
    action: 'write',
    summary: 'adds a person',
    status: 201,
    answer: userWithRoles,
    body: z.strictObject({
      name: nameInput,
      display_name: textInput.optional(),
      password: password.optional(),
    }),
    example: { name: 'student1', display_name: 'Student One' },
    async handle({ services: { management }, actor, body }) {
      const input = { name: body.name, displayName: body.display_name, password: body.password };
      const { result, revision } = await addUser(management, actor, input);
      return {
        revision,
        location: `/users/${encodeURIComponent(result.name)}`,
        body: { ...userView(result), roles: [] },
      };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/users/{name}',
    resource: 'gate:users',
    action: 'read',
    summary: 'shows a person with their roles',
    status: 200,
    answer: userWithRoles,
    represent,
    handle: async ({ services, params }) => ({
      body: await represent(services.management.store.read, params),
    }),
  }),
  endpoint({
    method: 'PATCH',
    path: '/users/{name}',
    resource: 'gate:users',
    action: 'write',
    summary: 'changes display name or password, lets a person in or keeps them out',
    status: 200,
    answer: userWithRoles,
    represent,
    body: z.strictObject({
      active: z.boolean().optional(),
      display_name: textInput.optional(),
      password: password.nullable().optional().meta({ description: '`null` removes it' }),
    }),
    example: { active: false },
    async handle({ services: { management }, actor, params, body }) {
      const change = { active: body.active, displayName: body.display_name, password: body.password };
      const { revision } = await changeUser(management, actor, { name: params['name'] ?? '', ...change });
      return { revision, body: await represent(management.store.read, params) };
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/users/{name}',
    resource: 'gate:users',
    action: 'write',
    summary: 'removes a person for good: ends sessions and tokens, deletes grants, retires the name',
    status: 204,
    represent,
    async handle({ services, actor, params }) {
      const { revision } = await removeUser(services.management, actor, params['name'] ?? '');
      return { revision };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/users/{name}/links',
    resource: 'gate:users',
    action: 'write',
    summary: 'makes a one-time sign-in link',
    status: 201,
    answer: link,
    bodyOptional: true,
    body: z.strictObject({
      lifetime: z.int().min(1).max(2_592_000).optional().meta({ description: 'seconds; at most 30 days' }),
    }),
    example: { lifetime: 3600 },
    async handle({ services, actor, params, body }) {
      const { management, linkLifetime } = services;
      const { store, clock } = management;
      const { name } = await requireUser(store.read, params['name'] ?? '');
      assertReaches(management, actor, { user: name });
      const lifetime = body.lifetime === undefined ? undefined : body.lifetime * 1000;
      const made = await createLink({ store, clock, linkLifetime }, actor, { user: name, lifetime });
      return {
        revision: made.revision,
        body: { url: services.signInUrl(made.code), user: made.user, expires_at: instant(made.expiresAt) },
      };
    },
  }),
];

/** `/users/{name}/roles`: roles given and taken while people work. `{name}` may be a user, a role or `anonymous`. */
import { z } from 'zod';
import { grantRole } from '../../manage/grants/grant-role.ts';
import { listGrantsOf, showGrantOf } from '../../manage/grants/list-grants.ts';
import { replaceRoles } from '../../manage/grants/replace-roles.ts';
import { ungrantRole } from '../../manage/grants/ungrant-role.ts';
import { grantView } from '../../manage/views.ts';
import type { Repositories } from '../../store/store.ts';
import { cutPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint, Params } from '../endpoint.ts';
import { heldRole, idPage, instantInput, nameInput, pageOf, roleInput } from '../schemas.ts';

const server = nameInput
  .optional()
  .meta({ description: 'name of the Jupyter Server; `*` (any) when left out' });
const times = {
  starts_at: instantInput.nullable().optional().meta({ description: 'left out: as it is; `null`: at once' }),
  expires_at: instantInput
    .nullable()
    .optional()
    .meta({ description: 'left out: as it is; `null`: without an end' }),
};
const wantedRole = z.union([roleInput, z.strictObject({ role: roleInput, server, ...times })]);

function pathOf(params: Params) {
  return { subject: params['name'] ?? '', role: params['role'] ?? '' };
}

async function represent(repositories: Repositories, params: Params) {
  return grantView(await showGrantOf(repositories, pathOf(params)));
}

async function representAll(repositories: Repositories, params: Params) {
  const grants = await listGrantsOf(repositories, params['name'] ?? '');
  return { items: grants.map(grantView), next: null };
}

export const userRoleEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/users/{name}/roles',
    resource: 'gate:grants',
    action: 'read',
    summary: 'lists the roles given to a user (or to a role, or to `anonymous`)',
    status: 200,
    answer: pageOf(heldRole),
    query: idPage,
    represent: representAll,
    async handle({ services, params, query }) {
      const { items } = await representAll(services.management.store.read, params);
      return { body: cutPage(items, query, (view) => view.id) };
    },
  }),
  endpoint({
    method: 'PUT',
    path: '/users/{name}/roles',
    resource: 'gate:grants',
    action: 'write',
    summary: 'gives exactly these roles, in one revision',
    status: 200,
    answer: pageOf(heldRole),
    represent: representAll,
    body: z.strictObject({ roles: z.array(wantedRole).max(200) }),
    example: { roles: ['viewer', { role: 'temporary', expires_at: '2027-01-31T12:00:00Z' }] },
    async handle({ services, actor, params, body }) {
      const roles = body.roles.map((wanted) =>
        typeof wanted === 'string'
          ? { role: wanted }
          : {
              role: wanted.role,
              server: wanted.server,
              startsAt: wanted.starts_at,
              expiresAt: wanted.expires_at,
            },
      );
      const { result, revision } = await replaceRoles(services.management, actor, {
        subject: params['name'] ?? '',
        roles,
      });
      return { revision, body: { items: result.map(grantView), next: null } };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/users/{name}/roles/{role}',
    resource: 'gate:grants',
    action: 'read',
    summary: 'shows how a role is held',
    status: 200,
    answer: heldRole,
    represent,
    handle: async ({ services, params }) => ({
      body: await represent(services.management.store.read, params),
    }),
  }),
  endpoint({
    method: 'PUT',
    path: '/users/{name}/roles/{role}',
    resource: 'gate:grants',
    action: 'write',
    summary: 'gives a role; in force when it answers. An empty body keeps the end that is there',
    status: 200,
    answer: heldRole,
    represent,
    bodyOptional: true,
    body: z.strictObject({ server, ...times }),
    example: { expires_at: '2027-01-31T12:00:00Z' },
    async handle({ services, actor, params, body }) {
      const input = {
        ...pathOf(params),
        server: body.server,
        startsAt: body.starts_at,
        expiresAt: body.expires_at,
      };
      const { result, revision } = await grantRole(services.management, actor, input);
      return { revision, body: grantView(result.grant), ...(result.created ? { status: 201 } : {}) };
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/users/{name}/roles/{role}',
    resource: 'gate:grants',
    action: 'write',
    summary: 'takes a role away, on every server unless one is named; in force when it answers',
    status: 204,
    represent,
    query: z.strictObject({ server: nameInput.optional() }),
    async handle({ services, actor, params, query }) {
      const { revision } = await ungrantRole(services.management, actor, {
        ...pathOf(params),
        server: query.server,
      });
      return { revision };
    },
  }),
];

/** `/grants`: who holds which role, one Casbin `g` line each. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { grantRole } from '../../manage/grants/grant-role.ts';
import { listGrants, showGrant } from '../../manage/grants/list-grants.ts';
import { removeGrant } from '../../manage/grants/ungrant-role.ts';
import { grantView } from '../../manage/views.ts';
import type { Repositories } from '../../store/store.ts';
import { shownPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint, Params } from '../endpoint.ts';
import { heldRole, idPage, idParam, instantInput, nameInput, pageOf, roleInput } from '../schemas.ts';

function idOf(params: Params): number {
  const parsed = idParam.safeParse(params['id']);
  if (!parsed.success)
    throw new AppError('GRANT_UNKNOWN', { detail: `expected a number, received \`${params['id']}\`` });
  return parsed.data;
}

async function represent(repositories: Repositories, params: Params) {
  return grantView(await showGrant(repositories, idOf(params)));
}

export const grantEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/grants',
    resource: 'gate:grants',
    action: 'read',
    summary: 'lists who holds which role',
    status: 200,
    answer: pageOf(heldRole),
    query: idPage.extend({ subject: nameInput.optional(), role: roleInput.optional() }),
    async handle({ services, query }) {
      const page = await listGrants(services.management.store.read, query, query);
      return { body: shownPage(page, grantView) };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/grants',
    resource: 'gate:grants',
    action: 'write',
    summary: 'gives a role to a user, a role or `anonymous`; in force when it answers',
    status: 201,
    answer: heldRole,
    body: z.strictObject({
      subject: nameInput,
      role: roleInput,
      server: nameInput.optional(),
      starts_at: instantInput.nullable().optional(),
      expires_at: instantInput.nullable().optional(),
    }),
    example: { subject: 'anonymous', role: 'viewer' },
    async handle({ services, actor, body }) {
      const { subject, role, server } = body;
      const times = { startsAt: body.starts_at, expiresAt: body.expires_at };
      const { result, revision } = await grantRole(services.management, actor, {
        subject,
        role,
        server,
        ...times,
      });
      const { grant, created } = result;
      return {
        revision,
        body: grantView(grant),
        location: `/grants/${grant.id}`,
        ...(created ? {} : { status: 200 }),
      };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/grants/{id}',
    resource: 'gate:grants',
    action: 'read',
    summary: 'shows one grant',
    status: 200,
    answer: heldRole,
    represent,
    handle: async ({ services, params }) => ({
      body: await represent(services.management.store.read, params),
    }),
  }),
  endpoint({
    method: 'DELETE',
    path: '/grants/{id}',
    resource: 'gate:grants',
    action: 'write',
    summary: 'ends one grant; in force when it answers',
    status: 204,
    represent,
    async handle({ services, actor, params }) {
      const { revision } = await removeGrant(services.management, actor, idOf(params));
      return { revision };
    },
  }),
];

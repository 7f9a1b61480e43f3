/** `/access-requests`: what people asked for after a refusal. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { accessRequestView } from '../../manage/access-requests/access-request-view.ts';
import { approveAccess } from '../../manage/access-requests/approve-access.ts';
import { declineAccess } from '../../manage/access-requests/close-access-request.ts';
import { listAccessRequests, showAccessRequest } from '../../manage/access-requests/list-access-requests.ts';
import type { Repositories } from '../../store/store.ts';
import { shownPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { AdminServices, Call, Endpoint, Params } from '../endpoint.ts';
import {
  accessRequest,
  accessRequestStatus,
  idPage,
  idParam,
  instantInput,
  nameInput,
  pageOf,
  roleInput,
  textInput,
} from '../schemas.ts';

const decision = z.discriminatedUnion('status', [
  z.strictObject({
    status: z.literal('approved'),
    expires_at: instantInput.optional().meta({ description: 'eight hours from now when left out' }),
    role: roleInput.optional(),
    path: z.string().min(1).max(1024).optional().meta({
      description: 'pattern the role is narrowed to; `**`: not at all; what was asked for when left out',
    }),
    note: textInput.optional().meta({ description: 'for the person who asked' }),
  }),
  z.strictObject({ status: z.literal('declined'), note: textInput.optional() }),
]);

function idOf(params: Params): number {
  const parsed = idParam.safeParse(params['id']);
  if (!parsed.success)
    throw new AppError('REQUEST_UNKNOWN', { detail: `expected a number, received \`${params['id']}\`` });
  return parsed.data;
}

async function represent(repositories: Repositories, params: Params, { management }: AdminServices) {
  return accessRequestView(await showAccessRequest(repositories, idOf(params)), management.clock.now());
}

function decide({ services, actor, params, body }: Call<unknown, z.output<typeof decision>>) {
  const { management } = services;
  const id = idOf(params);
  if (body.status === 'declined') return declineAccess(management, actor, { id, note: body.note });
  const { expires_at: expiresAt, role, path, note } = body;
  return approveAccess(management, actor, { id, expiresAt, role, path, note });
}

export const accessRequestEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/access-requests',
    resource: 'gate:requests',
    action: 'read',
    summary: 'lists what people asked for, newest first',
    status: 200,
    answer: pageOf(accessRequest),
    query: idPage.extend({ status: accessRequestStatus.optional(), subject: nameInput.optional() }),
    async handle({ services: { management }, query }) {
      const now = management.clock.now();
      const page = await listAccessRequests(management, query, query);
      return { body: shownPage(page, (request) => accessRequestView(request, now)) };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/access-requests/{id}',
    resource: 'gate:requests',
    action: 'read',
    summary: 'shows one request for access',
    status: 200,
    answer: accessRequest,
    represent,
    handle: async ({ services, params }) => ({
      body: await represent(services.management.store.read, params, services),
    }),
  }),
  endpoint({
    method: 'PATCH',
    path: '/access-requests/{id}',
    resource: 'gate:requests',
    action: 'write',
    summary:
      'approves a request until an end, or declines it; nobody answers their own or gives more than they hold',
    status: 200,
    answer: accessRequest,
    body: decision,
    example: { status: 'approved', expires_at: '2027-01-31T12:00:00Z', note: 'for this week' },
    represent,
    async handle(call) {
      const { result, revision } = await decide(call);
      return { revision, body: accessRequestView(result, call.services.management.clock.now()) };
    },
  }),
];

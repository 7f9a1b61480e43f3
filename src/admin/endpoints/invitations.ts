/** `/invitations`: links that give a role for a time. */
import { z } from 'zod';
import { createInvitation } from '../../manage/invitations/create-invitation.ts';
import { invitationView } from '../../manage/invitations/invitation-view.ts';
import { listInvitations, showInvitation } from '../../manage/invitations/list-invitations.ts';
import { revokeInvitation } from '../../manage/invitations/revoke-invitation.ts';
import type { Repositories } from '../../store/store.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint, Params } from '../endpoint.ts';
import {
  createdInvitation,
  instantInput,
  invitation,
  namePage,
  nameInput,
  pageOf,
  roleInput,
} from '../schemas.ts';

function represent(repositories: Repositories, params: Params) {
  return showInvitation(repositories, params['id'] ?? '');
}

export const invitationEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/invitations',
    resource: 'gate:invitations',
    action: 'read',
    summary: 'lists the invitations, ended ones too, with who accepted them',
    status: 200,
    answer: pageOf(invitation),
    query: namePage,
    handle: async ({ services, query }) => ({ body: await listInvitations(services.management, query) }),
  }),
  endpoint({
    method: 'POST',
    path: '/invitations',
    resource: 'gate:invitations',
    action: 'write',
    summary: 'makes a link that gives a role until it ends; the answer is the only place where it is shown',
    status: 201,
    answer: createdInvitation,
    body: z.strictObject({
      role: roleInput,
      expires_at: instantInput,
      uses: z
        .int()
        .min(1)
        .max(100_000)
        .optional()
        .meta({ description: 'how many may accept; everybody who has the link when left out' }),
      path: z.string().max(1024).optional().meta({ description: 'path pattern the role is narrowed to' }),
      server: nameInput.optional(),
    }),
    example: { role: 'temporary', expires_at: '2027-01-31T12:00:00Z', uses: 30, path: '/lectures/**' },
    async handle({ services, actor, body }) {
      const { expires_at: expiresAt, ...same } = body;
      const { result, revision } = await createInvitation(services.management, actor, { ...same, expiresAt });
      const url = services.inviteUrl(result.code);
      const location = `/invitations/${result.invitation.id}`;
      return { revision, location, body: { ...invitationView(result.invitation, []), url } };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/invitations/{id}',
    resource: 'gate:invitations',
    action: 'read',
    summary: 'shows one, without its link',
    status: 200,
    answer: invitation,
    represent,
    handle: async ({ services, params }) => ({
      body: await represent(services.management.store.read, params),
    }),
  }),
  endpoint({
    method: 'DELETE',
    path: '/invitations/{id}',
    resource: 'gate:invitations',
    action: 'write',
    summary:
      'ends what it gave at once and disables the users it created; other accounts keep everything else',
    status: 204,
    represent,
    async handle({ services, actor, params }) {
      const { revision } = await revokeInvitation(services.management, actor, params['id'] ?? '');
      return { revision };
    },
  }),
];

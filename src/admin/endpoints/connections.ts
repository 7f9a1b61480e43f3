/** `/connections`: what is open at the moment. */
import { z } from 'zod';
import type { LiveConnection } from '../../core/live-socket.ts';
import { closeConnection, closeConnections } from '../../manage/connections/close-connections.ts';
import { listConnections, showConnection } from '../../manage/connections/list-connections.ts';
import { instant } from '../../manage/views.ts';
import type { Repositories } from '../../store/store.ts';
import { cutPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { AdminServices, Endpoint, Params } from '../endpoint.ts';
import { liveConnection, messageInput, namePage, nameInput, pageOf } from '../schemas.ts';

function connectionView(connection: LiveConnection) {
  const { displayName, credentialId, validUntil, ...same } = connection;
  return {
    ...same,
    since: instant(connection.since),
    display_name: displayName,
    credential_id: credentialId,
    valid_until: instant(validUntil),
  };
}

async function represent(_: Repositories, params: Params, { connections }: AdminServices) {
  return connectionView(showConnection(connections, params['id'] ?? ''));
}

const filter = { subject: nameInput.optional(), resource: nameInput.optional() };

export const connectionEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/connections',
    resource: 'gate:connections',
    action: 'read',
    summary: 'lists open sockets and requests under way, the oldest first, with the rules that let them in',
    status: 200,
    answer: pageOf(liveConnection),
    query: namePage.extend(filter),
    async handle({ services, query }) {
      const open = listConnections(services.connections, query);
      return { body: cutPage(open.map(connectionView), query, (view) => view.id) };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/connections/{id}',
    resource: 'gate:connections',
    action: 'read',
    summary: 'shows one',
    status: 200,
    answer: liveConnection,
    represent,
    handle: async ({ services, params }) => ({
      body: await represent(services.management.store.read, params, services),
    }),
  }),
  endpoint({
    method: 'DELETE',
    path: '/connections/{id}',
    resource: 'gate:connections',
    action: 'write',
    summary: 'closes one; the right to open it again stays',
    status: 204,
    represent,
    async handle({ services, actor, params }) {
      const { revision } = await closeConnection(services, actor, { id: params['id'] ?? '' });
      return { revision };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/connections/close',
    resource: 'gate:connections',
    action: 'write',
    summary: 'closes all of a subject, of a resource, or both, with a message for the people',
    status: 200,
    answer: z.object({ closed: z.int() }),
    body: z.strictObject({ ...filter, message: messageInput.optional() }),
    example: { subject: 'student1', message: 'The lecture is over.' },
    async handle({ services, actor, body }) {
      const { closed, revision } = await closeConnections(services, actor, body);
      return { revision, body: { closed } };
    },
  }),
];

/** `/lockouts`: who is kept from signing in because of wrong guesses. */
import { liftLockout } from '../../manage/lockouts/lift-lockout.ts';
import { listLockouts } from '../../manage/lockouts/list-lockouts.ts';
import type { Lockout } from '../../manage/lockouts/list-lockouts.ts';
import { instant } from '../../manage/views.ts';
import { cutPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint } from '../endpoint.ts';
import { lockout, namePage, pageOf } from '../schemas.ts';

function lockoutView({ id, user, address, since, until }: Lockout) {
  return { id, user, address, since: instant(since), until: instant(until) };
}

export const lockoutEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/lockouts',
    resource: 'gate:users',
    action: 'read',
    summary: 'lists who may not try to sign in for a while after too many wrong guesses, the latest last',
    status: 200,
    answer: pageOf(lockout),
    query: namePage,
    async handle({ services: { management, attempts }, query }) {
      const all = await listLockouts(management.store.read, attempts);
      return { body: cutPage(all.map(lockoutView), query, (view) => view.id) };
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/lockouts/{id}',
    resource: 'gate:users',
    action: 'write',
    summary: 'lets them try again at once',
    status: 204,
    async handle({ services, actor, params }) {
      return { revision: await liftLockout(services, actor, params['id'] ?? '') };
    },
  }),
];

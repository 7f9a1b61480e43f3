/** `/users/{name}/tokens`: API tokens for programs. */
import { z } from 'zod';
import { issueToken } from '../../manage/tokens/issue-token.ts';
import { listTokens, showToken } from '../../manage/tokens/list-tokens.ts';
import { revokeToken } from '../../manage/tokens/revoke-token.ts';
import { tokenView } from '../../manage/views.ts';
import type { Repositories } from '../../store/store.ts';
import { cutPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint, Params } from '../endpoint.ts';
import { instantInput, issuedToken, namePage, pageOf, roleInput, textInput, token } from '../schemas.ts';

async function represent(repositories: Repositories, params: Params) {
  return tokenView(await showToken(repositories, params['name'] ?? '', params['id'] ?? ''));
}

export const tokenEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/users/{name}/tokens',
    resource: 'gate:tokens',
    action: 'read',
    summary: 'lists the tokens of a person, ended ones too',
    status: 200,
    answer: pageOf(token),
    query: namePage,
    async handle({ services, params, query }) {
      const tokens = await listTokens(services.management.store.read, params['name'] ?? '');
      return { body: cutPage(tokens.map(tokenView), query, (view) => view.id) };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/users/{name}/tokens',
    resource: 'gate:tokens',
    action: 'write',
    summary: 'issues a token; the answer is the only place where it is shown',
    status: 201,
    answer: issuedToken,
    bodyOptional: true,
    body: z.strictObject({
      note: textInput.optional(),
      expires_at: instantInput.nullable().optional().meta({
        description: '`null`: without an end; left out: without one, or with the token that is asked with',
      }),
      audience: z
        .enum(['proxy', 'admin'])
        .optional()
        .meta({ description: 'which listener takes it; `proxy` when left out' }),
      roles: z
        .array(roleInput)
        .max(100)
        .optional()
        .meta({ description: 'only these of the roles of its owner' }),
    }),
    example: { note: 'papermill', expires_at: '2027-01-31T12:00:00Z' },
    async handle({ services, actor, params, body }) {
      const input = {
        note: body.note,
        expiresAt: body.expires_at,
        audience: body.audience,
        roles: body.roles,
      };
      const { result, revision } = await issueToken(services.management, actor, {
        user: params['name'] ?? '',
        ...input,
      });
      const { record } = result;
      const location = `/users/${encodeURIComponent(record.user)}/tokens/${encodeURIComponent(record.id)}`;
      return { revision, location, body: { ...tokenView(record), token: result.token } };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/users/{name}/tokens/{id}',
    resource: 'gate:tokens',
    action: 'read',
    summary: 'shows a token without its secret',
    status: 200,
    answer: token,
    represent,
    handle: async ({ services, params }) => ({
      body: await represent(services.management.store.read, params),
    }),
  }),
  endpoint({
    method: 'DELETE',
    path: '/users/{name}/tokens/{id}',
    resource: 'gate:tokens',
    action: 'write',
    summary: 'revokes a token at once',
    status: 204,
    represent,
    async handle({ services, actor, params }) {
      const named = { user: params['name'] ?? '', id: params['id'] ?? '' };
      const { revision } = await revokeToken(services.management, actor, named);
      return { revision };
    },
  }),
];

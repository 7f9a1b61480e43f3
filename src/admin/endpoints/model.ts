/** `/model`: the Casbin model and its versions. */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { checkModel } from '../../manage/model/check-model.ts';
import { putModel } from '../../manage/model/put-model.ts';
import { restoreModel } from '../../manage/model/restore-model.ts';
import { listModelVersions, showModel, showModelVersion } from '../../manage/model/show-model.ts';
import { modelSummary, modelView } from '../../manage/views.ts';
import type { Repositories } from '../../store/store.ts';
import { shownPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { Endpoint, Params } from '../endpoint.ts';
import { idPage, idParam, model, modelVersion, pageOf, ruleFields } from '../schemas.ts';

const modelInput = z.strictObject({
  text: z.string().min(1).max(65_536).meta({ description: 'model.conf' }),
  rules: z.array(ruleFields).max(10_000).optional().meta({
    description:
      'every rule there shall be, put in force with the model as one revision; left out: the rules stay',
  }),
});

function versionOf(params: Params): number {
  const parsed = idParam.safeParse(params['version']);
  if (!parsed.success)
    throw new AppError('MODEL_UNKNOWN', { detail: `expected a number, received \`${params['version']}\`` });
  return parsed.data;
}

async function represent(repositories: Repositories) {
  return modelView(await showModel(repositories));
}

async function representVersion(repositories: Repositories, params: Params) {
  return modelView(await showModelVersion(repositories, versionOf(params)));
}

export const modelEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/model',
    resource: 'gate:model',
    action: 'read',
    summary: 'shows the model in force',
    status: 200,
    answer: model,
    represent,
    handle: async ({ services }) => ({ body: await represent(services.management.store.read) }),
  }),
  endpoint({
    method: 'PUT',
    path: '/model',
    resource: 'gate:model',
    action: 'write',
    summary:
      'checks a model and puts it in force, with its rules if they are sent; a refused one changes nothing',
    status: 200,
    answer: model,
    represent,
    body: modelInput,
    async handle({ services, actor, body }) {
      const { result, revision } = await putModel(services.management, actor, body);
      return { revision, body: modelView(result) };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/model/check',
    resource: 'gate:model',
    action: 'read',
    summary: 'checks a model with the rules and grants there are, and changes nothing',
    status: 200,
    answer: z
      .object({ valid: z.literal(true), hash: z.string(), fields: z.array(z.string()), rules: z.int() })
      .meta({ id: 'CheckedModel' }),
    body: modelInput,
    handle: async ({ services, body }) => ({
      body: { valid: true, ...(await checkModel(services.management, body)) },
    }),
  }),
  endpoint({
    method: 'GET',
    path: '/model/versions',
    resource: 'gate:model',
    action: 'read',
    summary: 'lists the versions, newest first',
    status: 200,
    answer: pageOf(modelVersion),
    query: idPage,
    async handle({ services, query }) {
      return {
        body: shownPage(await listModelVersions(services.management.store.read, query), modelSummary),
      };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/model/versions/{version}',
    resource: 'gate:model',
    action: 'read',
    summary: 'shows one version with its text',
    status: 200,
    answer: model,
    represent: representVersion,
    handle: async ({ services, params }) => ({
      body: await representVersion(services.management.store.read, params),
    }),
  }),
  endpoint({
    method: 'POST',
    path: '/model/versions/{version}/restore',
    resource: 'gate:model',
    action: 'write',
    summary: 'puts an earlier version in force again, as a new one',
    status: 200,
    answer: model,
    bodyOptional: true,
    body: z.strictObject({}),
    async handle({ services, actor, params }) {
      const { result, revision } = await restoreModel(services.management, actor, versionOf(params));
      return { revision, body: modelView(result) };
    },
  }),
];

/** `/presets`: named sets of roles and rules. */
import { z } from 'zod';
import { applyPreset } from '../../manage/presets/apply-preset.ts';
import { listPresets, showPreset } from '../../manage/presets/list-presets.ts';
import type { ShownPreset } from '../../manage/presets/list-presets.ts';
import { cutPage } from '../collection.ts';
import { endpoint } from '../endpoint.ts';
import type { AdminServices, Endpoint, Params } from '../endpoint.ts';
import { namePage, pageOf, preset, presetWithRules } from '../schemas.ts';

function head({ preset: { name, title, description }, applied }: ShownPreset) {
  return { name, title, description, applied };
}

function whole(shown: ShownPreset) {
  return { ...head(shown), roles: shown.preset.roles };
}

async function represent(_: unknown, params: Params, { management }: AdminServices) {
  return whole(await showPreset(management, params['name'] ?? ''));
}

export const presetEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/presets',
    resource: 'gate:presets',
    action: 'read',
    summary: 'lists the presets and whether each was applied',
    status: 200,
    answer: pageOf(preset),
    query: namePage,
    async handle({ services, query }) {
      const shown = (await listPresets(services.management)).map(head);
      return { body: cutPage(shown, query, (view) => view.name) };
    },
  }),
  endpoint({
    method: 'GET',
    path: '/presets/{name}',
    resource: 'gate:presets',
    action: 'read',
    summary: 'shows the roles and rules of a preset',
    status: 200,
    answer: presetWithRules,
    represent,
    handle: async ({ services, params }) => ({ body: await represent(undefined, params, services) }),
  }),
  endpoint({
    method: 'POST',
    path: '/presets/{name}/apply',
    resource: 'gate:presets',
    action: 'write',
    summary: "puts a preset's roles and rules in force; what people wrote stays",
    status: 200,
    answer: presetWithRules
      .extend({ rules_added: z.int(), rules_removed: z.int() })
      .meta({ id: 'AppliedPreset' }),
    bodyOptional: true,
    body: z.strictObject({}),
    async handle({ services, actor, params }) {
      const { result, revision } = await applyPreset(services.management, actor, params['name'] ?? '');
      const shown = whole({ preset: result.preset, applied: true });
      return { revision, body: { ...shown, rules_added: result.added, rules_removed: result.removed } };
    },
  }),
];

/**
 * The rest of JupyterLab's own API: what every page loads, and what changes the installation for everybody. Installing
 * an extension runs pip, a build runs code: `execute` on `extensions`.
 */
import { z } from 'zod';
import { noFields, onlyFields } from '../body-fields.ts';
import { textParameters } from '../route.ts';
import type { RouteRow } from '../route.ts';

const readApi = { res: 'api', act: 'read' } as const;
const readStatic = { res: 'static', act: 'read' } as const;
const readExtensions = { res: 'extensions', act: 'read' } as const;
const changeExtensions = { res: 'extensions', act: 'execute' } as const;

const extensionCommand = z.strictObject({
  cmd: z.enum(['install', 'uninstall', 'enable', 'disable']),
  extension_name: z.string().min(1).max(214),
  extension_version: z.string().max(128).nullish(),
});
const pluginCommand = z.strictObject({
  cmd: z.enum(['enable', 'disable']),
  plugin_name: z.string().min(1).max(256),
});

export const labServerRoutes: readonly RouteRow[] = [
  {
    id: 'lab.translations',
    methods: ['GET'],
    pattern: String.raw`/lab/api/translations{locale:(?:/[\w@.-]*)?}`,
    asks: [readStatic],
  },
  {
    id: 'lab.themes',
    methods: ['GET', 'HEAD'],
    pattern: '/lab/api/themes/{asset:names}',
    asks: [readStatic],
    query: textParameters('v'),
  },
  {
    id: 'lab.extension-files',
    methods: ['GET', 'HEAD'],
    pattern: '/lab/extensions/{asset:names}',
    asks: [readStatic],
    query: textParameters('v'),
  },
  { id: 'lab.listings', methods: ['GET'], pattern: '/lab/api/listings/{asset:names}', asks: [readApi] },
  {
    id: 'lab.licenses',
    methods: ['GET'],
    pattern: '/lab/api/licenses/{licence:[^/%]*}',
    asks: [readApi],
    query: {
      // A value that upstream cannot read is never answered (jupyterlab_server/licenses_handler.py, `get`).
      full_text: /^(?:true|false|0|1)$/,
      format: /^(?:csv|json|markdown)$/,
      download: /^(?:true|false|0|1)$/,
      // Matched as an expression, while nobody else is answered: one without repetitions comes to an end.
      bundles: /^(?:\.\*|[\w@./^$-]{1,128})$/,
    },
  },
  { id: 'lab.news', methods: ['GET'], pattern: '/lab/api/{feed:news|update}', asks: [readApi] },
  {
    id: 'extensions.list',
    methods: ['GET'],
    pattern: '/lab/api/extensions',
    asks: [readExtensions],
    query: textParameters('query', 'page', 'per_page', 'refresh'),
  },
  {
    id: 'extensions.change',
    methods: ['POST'],
    pattern: '/lab/api/extensions',
    asks: [changeExtensions],
    body: onlyFields(extensionCommand),
  },
  { id: 'extensions.build-status', methods: ['GET'], pattern: '/lab/api/build', asks: [readExtensions] },
  {
    id: 'extensions.build',
    methods: ['POST'],
    pattern: '/lab/api/build',
    asks: [changeExtensions],
    body: noFields,
  },
  { id: 'extensions.build-cancel', methods: ['DELETE'], pattern: '/lab/api/build', asks: [changeExtensions] },
  { id: 'extensions.plugins', methods: ['GET'], pattern: '/lab/api/plugins', asks: [readExtensions] },
  {
    id: 'extensions.plugin-change',
    methods: ['POST'],
    pattern: '/lab/api/plugins',
    asks: [changeExtensions],
    body: onlyFields(pluginCommand),
  },
];

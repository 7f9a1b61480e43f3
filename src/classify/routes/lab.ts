/**
 * JupyterLab's pages and what they load. Upstream protects none of it beyond signing in. A slash at the end of a page's
 * address is passed on: upstream answers it with a redirect, which the page's own router relies on.
 *
 * Params: `page` has `path` and `workspace`; `settings-list` has the query parameter `ids_only`; `settings` and
 * `settings-save` have `name` (e.g. `@jupyterlab/apputils-extension:themes`), and so have `workspace…`.
 */
import { z } from 'zod';
import { AppError } from '../../core/errors.ts';
import { onlyFields } from '../body-fields.ts';
import { textParameters } from '../route.ts';
import type { BodyReader, RouteRow } from '../route.ts';

const openPage = { res: 'pages', act: 'read' } as const;
const readPath = { res: 'contents', act: 'read', path: 'path', leads: true, when: 'path' } as const;

/** Read by the page's own script; kept because a redirect carries them on. */
const pageQuery = textParameters('reset', 'clone', 'factory', 'file-browser-path');

const page = { methods: ['GET'], page: true, presentation: 'page', query: pageQuery } as const;

const settings = z.strictObject({ raw: z.string() });

/** jupyterlab_server wants the id in the body to be the one in the address (workspaces_handler.py). */
const readWorkspace: BodyReader = (body, { params }) => {
  const workspace = z
    .object({ data: z.record(z.string(), z.unknown()), metadata: z.looseObject({ id: z.string() }) })
    .safeParse(body);
  if (!workspace.success) {
    throw new AppError('BODY_INVALID', { detail: 'expected an object with `data` and `metadata.id`' });
  }
  if (workspace.data.metadata.id !== params['name']) {
    throw new AppError('BODY_INVALID', {
      detail: 'expected `metadata.id` to be the workspace of the address',
    });
  }
  return { body: workspace.data };
};

export const labRoutes: readonly RouteRow[] = [
  { id: 'lab.root', pattern: '/{mode:lab|doc}{slash:/?}', asks: [openPage], ...page },
  { id: 'lab.tree', pattern: '/{mode:lab|doc}/tree{path:tail}', asks: [openPage, readPath], ...page },
  {
    id: 'lab.workspace',
    pattern: String.raw`/{mode:lab|doc}/workspaces/{workspace:[\w-]+}{slash:/?}`,
    asks: [openPage],
    ...page,
  },
  {
    id: 'lab.workspace-tree',
    pattern: String.raw`/{mode:lab|doc}/workspaces/{workspace:[\w-]+}/tree{path:tail}`,
    asks: [openPage, readPath],
    ...page,
  },
  {
    id: 'settings.list',
    methods: ['GET'],
    pattern: '/lab/api/settings{/}',
    asks: [{ res: 'settings', act: 'read' }],
    query: textParameters('ids_only'),
    presentation: 'settings-list',
  },
  {
    id: 'settings.read',
    methods: ['GET'],
    pattern: '/lab/api/settings/{name:names}',
    asks: [{ res: 'settings', act: 'read' }],
    presentation: 'settings',
  },
  {
    id: 'settings.save',
    methods: ['PUT'],
    pattern: '/lab/api/settings/{name:names}',
    asks: [{ res: 'settings', act: 'write' }],
    body: onlyFields(settings),
    presentation: 'settings-save',
  },
  {
    id: 'workspaces.list',
    methods: ['GET'],
    pattern: '/lab/api/workspaces{/}',
    asks: [{ res: 'workspaces', act: 'read' }],
    presentation: 'workspaces-list',
  },
  {
    id: 'workspaces.read',
    methods: ['GET'],
    pattern: '/lab/api/workspaces/{name:names}',
    asks: [{ res: 'workspaces', act: 'read' }],
    presentation: 'workspace',
  },
  {
    id: 'workspaces.save',
    methods: ['PUT'],
    pattern: '/lab/api/workspaces/{name:names}',
    asks: [{ res: 'workspaces', act: 'write' }],
    body: readWorkspace,
    presentation: 'workspace-save',
  },
  {
    id: 'workspaces.delete',
    methods: ['DELETE'],
    pattern: '/lab/api/workspaces/{name:names}',
    asks: [{ res: 'workspaces', act: 'write' }],
    presentation: 'workspace-delete',
  },
];

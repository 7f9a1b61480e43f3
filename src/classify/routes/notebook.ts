/**
 * Pages that open a file or directory: Notebook 7's and, below its prefix or without one, the classic notebook's. Both
 * look the path up and redirect on what they find, so the path is asked too.
 *
 * Params for `page`: `path` below the root.
 */
import { textParameters } from '../route.ts';
import type { RouteRow } from '../route.ts';

const openPage = { res: 'pages', act: 'read' } as const;
const readPath = { res: 'contents', act: 'read', path: 'path', when: 'path' } as const;

/** Read by the page's own script; kept because a redirect carries them on. */
const query = textParameters('factory', 'kernel_name', 'reset', 'workspace');

export const notebookRoutes: readonly RouteRow[] = [
  ...(['tree', 'notebooks', 'edit'] as const).map((name): RouteRow => ({
    id: `pages.${name}`,
    methods: ['GET'],
    pattern: `{nbclassic:(?:/nbclassic)?}/${name}{path:tail}`,
    // Only `tree` shows directories.
    asks: [openPage, name === 'tree' ? { ...readPath, leads: true } : readPath],
    query,
    page: true,
    presentation: 'page',
  })),
  {
    id: 'pages.console',
    methods: ['GET'],
    pattern: '/consoles{path:below}',
    asks: [openPage, readPath],
    query,
    page: true,
    presentation: 'page',
  },
];

/**
 * The classic notebook. Pages it shares with Notebook 7 are in notebook.ts; with both installed it has a prefix.
 *
 * Params for `page`: `path` below the root, `terminal` on a terminal's page.
 */
import { textParameters } from '../route.ts';
import type { RouteRow } from '../route.ts';

const readStatic = { res: 'static', act: 'read' } as const;
const openPage = { res: 'pages', act: 'read' } as const;

export const nbclassicRoutes: readonly RouteRow[] = [
  {
    id: 'nbclassic.root',
    methods: ['GET'],
    pattern: '/nbclassic',
    asks: [openPage],
    page: true,
    presentation: 'page',
  },
  {
    // The handler starts the terminal when it is missing (nbclassic/terminal/handlers.py).
    id: 'pages.terminal',
    methods: ['GET'],
    pattern: String.raw`{nbclassic:(?:/nbclassic)?}/terminals/{terminal:\w+}`,
    asks: [{ res: 'terminals', act: 'execute', object: ['terminal', 'terminal'] }, openPage],
    page: true,
    presentation: 'page',
  },
  {
    // Imports and runs the bundler that the query names.
    id: 'nbclassic.bundle',
    methods: ['GET'],
    pattern: '{nbclassic:(?:/nbclassic)?}/bundle{path:once}',
    asks: [
      { res: 'nbconvert', act: 'execute', path: 'path' },
      { res: 'contents', act: 'read', path: 'path' },
    ],
    query: { bundler: /^[\w.-]{1,64}$/ },
    page: true,
  },
  {
    id: 'static.extension',
    methods: ['GET', 'HEAD'],
    pattern: '{nbclassic:(?:/nbclassic)?}/{folder:nbextensions|custom}/{asset:names}',
    asks: [readStatic],
    query: textParameters('v'),
  },
];

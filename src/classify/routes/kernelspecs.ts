/**
 * Kernelspecs and the pictures in their directories. Upstream decodes a name twice, so none with `%` is taken; of the
 * files only pictures, scripts and styles: `kernel.json` holds the environment of kernels.
 *
 * Params for `kernelspecs`: `name` for a single one.
 */
import type { RouteRow } from '../route.ts';

const readSpecs = { res: 'kernelspecs', act: 'read' } as const;

export const kernelspecRoutes: readonly RouteRow[] = [
  {
    id: 'kernelspecs.list',
    methods: ['GET'],
    pattern: '/api/kernelspecs',
    asks: [readSpecs],
    presentation: 'kernelspecs',
  },
  {
    id: 'kernelspecs.get',
    methods: ['GET'],
    pattern: String.raw`/api/kernelspecs/{name:[\w.-]+}`,
    asks: [readSpecs],
    presentation: 'kernelspecs',
  },
  {
    id: 'kernelspecs.file',
    methods: ['GET', 'HEAD'],
    pattern: String.raw`/kernelspecs/{name:[\w.-]+}/{asset:[\w.-]+\.(?:png|svg|gif|jpe?g|ico|js|css)}`,
    asks: [readSpecs],
  },
];

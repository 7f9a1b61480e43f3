/**
 * Files as themselves, and exports of them. An export reads the file whatever upstream calls it.
 *
 * Params: `path`, for exports also `format`.
 */
import { TEXT_FORMATS } from '../../core/export-formats.ts';
import { textParameters } from '../route.ts';
import type { RouteRow } from '../route.ts';

const readContents = { res: 'contents', act: 'read', path: 'path' } as const;

export const fileRoutes: readonly RouteRow[] = [
  {
    id: 'files.get',
    methods: ['GET', 'HEAD'],
    pattern: '/files{path:below}',
    asks: [{ res: 'files', act: 'read', path: 'path' }, readContents],
    query: textParameters('download'),
    page: true,
  },
  {
    // nbclassic puts its prefix before it when Notebook 7 is there too.
    id: 'files.view',
    methods: ['GET'],
    pattern: '{nbclassic:(?:/nbclassic)?}/view{path:below}',
    asks: [{ res: 'files', act: 'read', path: 'path' }, readContents],
    page: true,
    presentation: 'page',
  },
  {
    id: 'nbconvert.formats',
    methods: ['GET'],
    pattern: '/api/nbconvert',
    asks: [{ res: 'nbconvert', act: 'read' }],
    presentation: 'export-formats',
  },
  {
    // Writes nothing; runs the exporter on what the caller sends.
    id: 'nbconvert.convert',
    methods: ['POST'],
    pattern: String.raw`/nbconvert/{format:\w+}`,
    asks: [{ res: 'nbconvert', act: 'execute' }],
    query: textParameters('download', 'sanitize_html'),
    body: 'stream',
  },
  {
    id: 'nbconvert.export',
    methods: ['GET'],
    pattern: `/nbconvert/{format:(?:${TEXT_FORMATS.join('|')})}{path:below}`,
    asks: [{ res: 'nbconvert', act: 'read', path: 'path' }, readContents],
    query: textParameters('download', 'sanitize_html'),
    page: true,
  },
  {
    // LaTeX, Inkscape or a browser run over what its author wrote, and read any file; a script is made by whatever exporter
    // the notebook names (nbconvert/exporters/script.py).
    id: 'nbconvert.run',
    methods: ['GET'],
    pattern: String.raw`/nbconvert/{format:\w+}{path:below}`,
    asks: [{ res: 'nbconvert', act: 'execute', path: 'path' }, readContents],
    query: textParameters('download', 'sanitize_html'),
    page: true,
  },
];

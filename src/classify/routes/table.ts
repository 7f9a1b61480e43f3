/** The whole route table, in the order it is tried: the first pattern that matches an address owns it. */
import type { RouteRow } from '../route.ts';
import { collaborationRoutes } from './collaboration.ts';
import { contentsRoutes } from './contents.ts';
import { coreRoutes } from './core.ts';
import { fileRoutes } from './files.ts';
import { gitRoutes } from './git.ts';
import { kernelRoutes } from './kernels-sessions.ts';
import { kernelspecRoutes } from './kernelspecs.ts';
import { labRoutes } from './lab.ts';
import { labServerRoutes } from './lab-server.ts';
import { lspRoutes } from './lsp.ts';
import { nbclassicRoutes } from './nbclassic.ts';
import { notebookRoutes } from './notebook.ts';
import { serverProxyRoutes } from './server-proxy.ts';
import { terminalRoutes } from './terminals.ts';

export const ROUTES: readonly RouteRow[] = [
  ...contentsRoutes,
  ...kernelRoutes,
  ...terminalRoutes,
  ...coreRoutes,
  ...kernelspecRoutes,
  ...fileRoutes,
  ...labServerRoutes,
  ...labRoutes,
  ...notebookRoutes,
  ...nbclassicRoutes,
  ...collaborationRoutes,
  ...lspRoutes,
  ...serverProxyRoutes,
  ...gitRoutes,
];

/** Language servers: jupyter-lsp. They read the whole served directory and some run code of the project: `execute`. */
import type { RouteRow } from '../route.ts';

export const lspRoutes: readonly RouteRow[] = [
  { id: 'lsp.status', methods: ['GET'], pattern: '/lsp/status', asks: [{ res: 'lsp', act: 'read' }] },
  {
    id: 'lsp.socket',
    methods: ['GET'],
    pattern: String.raw`/lsp/ws/{language:[\w.-]+}`,
    transport: 'websocket',
    asks: [{ res: 'lsp', act: 'execute' }],
    socket: 'tunnel',
  },
];

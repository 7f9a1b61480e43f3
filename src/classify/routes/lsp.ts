/**
 * Language servers: jupyter-lsp. They read every file of the account and some run code, whatever address a message names, so
 * nothing is filtered and the socket is `execute`: docs/rooms.md.
 */
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

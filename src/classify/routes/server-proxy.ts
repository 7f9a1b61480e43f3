/**
 * jupyter-server-proxy: any port of the machine, the Jupyter Server's own included, with the caller's headers. Whatever
 * the method, that is `execute`. Named servers are for extra routes.
 */
import type { RouteRow } from '../route.ts';

const PORT = String.raw`/proxy{absolute:(?:/absolute)?}/{upstream:(?:[A-Za-z0-9.-]+:)?\d{1,5}}{rest:rest}`;
const useProxy = { res: 'proxy', act: 'execute' } as const;

export const serverProxyRoutes: readonly RouteRow[] = [
  { id: 'proxy.read', methods: ['GET', 'HEAD'], pattern: PORT, asks: [useProxy], query: 'all' },
  {
    id: 'proxy.send',
    methods: ['POST', 'PUT', 'PATCH', 'DELETE'],
    pattern: PORT,
    asks: [useProxy],
    query: 'all',
    body: 'stream',
  },
  {
    id: 'proxy.socket',
    methods: ['GET'],
    pattern: PORT,
    transport: 'websocket',
    asks: [useProxy],
    query: 'all',
    socket: 'tunnel',
  },
  {
    id: 'proxy.servers',
    methods: ['GET'],
    pattern: '/server-proxy/servers-info',
    asks: [{ res: 'proxy', act: 'read' }],
  },
  {
    id: 'proxy.icon',
    methods: ['GET'],
    pattern: String.raw`/server-proxy/icon/{name:[\w.-]+}`,
    asks: [{ res: 'proxy', act: 'read' }],
  },
];

/** As little of a Jupyter Server as the gate needs to start before it: its version and a status. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface BareUpstream {
  readonly origin: string;
  close(): void;
}

export async function startBareUpstream(): Promise<BareUpstream> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(request.url?.startsWith('/api/status') ? '{}' : '{"version":"2.17.0"}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A Koa application with a gate mounted below a prefix, and the calls a test makes on it. */
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Koa from 'koa';
import { createGate } from '../../src/index.ts';
import type { CreateGateOptions, MountedGate } from '../../src/index.ts';
import { createLog } from '../../src/record/log.ts';

export const PREFIX = '/jupyter/';

export interface LibraryApp {
  readonly koa: Koa;
  readonly server: Server;
  readonly gate: MountedGate;
  readonly url: string;
  /** One request below the prefix. */
  as(token: string | undefined, method: string, path: string, body?: unknown): Promise<Response>;
  admin(method: string, path: string, body?: unknown): Promise<Response>;
  /** Adds a person with these roles and gives an API token. */
  person(name: string, ...roles: string[]): Promise<string>;
  close(): Promise<void>;
}

/** Opens it in front of a Jupyter Server whose base URL is the prefix. */
export async function openLibraryApp(
  upstream: NonNullable<CreateGateOptions['upstream']>,
  options: Partial<CreateGateOptions> = {},
): Promise<LibraryApp> {
  const data = await mkdtemp(join(tmpdir(), 'gate-library-'));
  const koa = new Koa();
  const server = createServer((request, response) => void koa.callback()(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const gate = await createGate({
    data,
    publicUrls: [url],
    basePath: PREFIX,
    upstream,
    adminPort: 0,
    stopTimeout: '2s',
    log: createLog({ level: 'silent' }),
    ...options,
  });
  const root = (await readFile(join(data, 'admin.token'), 'utf8')).trim();
  const send = (
    address: string,
    token: string | undefined,
    method: string,
    body: unknown,
  ): Promise<Response> =>
    fetch(address, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const admin: LibraryApp['admin'] = (method, path, body) =>
    send(`${gate.adminUrl ?? ''}/api/v1${path}`, root, method, body);
  return {
    koa,
    server,
    gate,
    url,
    admin,
    as: (token, method, path, body) => send(`${url}${PREFIX}${path}`, token, method, body),
    async person(name, ...roles) {
      await admin('POST', '/users', { name });
      for (const role of roles) await admin('PUT', `/users/${name}/roles/role:${role}`);
      const issued = await admin('POST', `/users/${name}/tokens`, {});
      return ((await issued.json()) as { token: string }).token;
    },
    async close() {
      await gate.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(data, { recursive: true, force: true });
    },
  };
}

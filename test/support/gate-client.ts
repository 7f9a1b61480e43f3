/** A gate as those see it who use it: the admin API, people with tokens, and the files behind it. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface AdminReply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any; // eslint-disable-line typescript/no-explicit-any -- tests look into whatever came back
}

export interface GateClient {
  /** Origin of the proxy listener. */
  readonly url: string;
  admin(method: string, path: string, body?: unknown): Promise<AdminReply>;
  /** Adds a person with these roles and gives an API token. */
  person(name: string, ...roles: string[]): Promise<string>;
  /** A one-time sign-in link of a person. */
  link(name: string): Promise<string>;
  /** One request with a token. */
  as(token: string | undefined, method: string, path: string, body?: unknown): Promise<Response>;
  writeNotebook(path: string, ...cells: string[]): Promise<void>;
  readNotebook(path: string): Promise<string>;
}

/** `gate` may run in this process or be one of its own. */
export function gateClient(gate: {
  readonly url: string;
  readonly adminUrl: string;
  /** The admin token. */
  readonly token: string;
  readonly notebooks: string;
}): GateClient {
  const { adminUrl, token, notebooks } = gate;
  const url = new URL(gate.url).origin;

  async function admin(method: string, path: string, body?: unknown): Promise<AdminReply> {
    const response = await fetch(`${adminUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  async function done(call: Promise<AdminReply>): Promise<AdminReply> {
    const reply = await call;
    if (reply.status >= 300)
      throw new Error(`the admin API answered ${reply.status}: ${JSON.stringify(reply.body)}`);
    return reply;
  }

  return {
    url,
    admin,
    async person(name, ...roles) {
      await done(admin('POST', '/users', { name }));
      for (const role of roles) await done(admin('PUT', `/users/${name}/roles/role:${role}`));
      return (await done(admin('POST', `/users/${name}/tokens`, {}))).body.token;
    },
    link: async (name) => (await done(admin('POST', `/users/${name}/links`))).body.url,
    as: (bearer, method, path, body) =>
      fetch(`${url}${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    async writeNotebook(path, ...cells) {
      await mkdir(dirname(join(notebooks, path)), { recursive: true });
      await writeFile(join(notebooks, path), notebook(cells));
    },
    readNotebook: (path) => readFile(join(notebooks, path), 'utf8'),
  };
}

function notebook(cells: readonly string[]): string {
  return JSON.stringify({
    cells: cells.map((source, index) => ({
      cell_type: 'code',
      id: `cell-${index}`,
      execution_count: null,
      metadata: {},
      outputs: [],
      source,
    })),
    metadata: {
      kernelspec: { display_name: 'Python 3 (ipykernel)', language: 'python', name: 'python3' },
      language_info: { name: 'python' },
    },
    nbformat: 4,
    nbformat_minor: 5,
  });
}

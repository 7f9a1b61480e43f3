/** A running admin listener on a free port, and a client that speaks to it over real HTTP. */
import { request as httpRequest } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { Registry } from 'prom-client';
import type { Refusal } from '../../src/core/refusal.ts';
import type { LiveConnection } from '../../src/core/live-socket.ts';
import type { GateResource } from '../../src/core/labels.ts';
import { createAdminServer } from '../../src/admin/create-admin-server.ts';
import type { ReadinessCheck } from '../../src/admin/health.ts';
import { createAuthenticator } from '../../src/authenticate/create-authenticator.ts';
import { verifyAudit } from '../../src/manage/audit/verify-audit.ts';
import { addUser } from '../../src/manage/users/add-user.ts';
import { addRole } from '../../src/manage/roles/add-role.ts';
import { addRule } from '../../src/manage/rules/add-rule.ts';
import { grantRole } from '../../src/manage/grants/grant-role.ts';
import { issueToken } from '../../src/manage/tokens/issue-token.ts';
import { createSignInAttempts } from '../../src/manage/sign-in/create-sign-in-attempts.ts';
import { credentialSource } from '../../src/manage/sign-in/credential-source.ts';
import type { SignInAttempts } from '../../src/manage/sign-in/sign-in-deps.ts';
import { ADMIN_TOKEN, ADMIN_TOKEN_HASH, openManagedGate } from './managed-gate.ts';
import type { ManagedGate } from './managed-gate.ts';

export interface AdminReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // eslint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  readonly json: any;
}

export interface Sent {
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** `null` sends none; the admin token when left out. */
  readonly token?: string | null;
}

export interface AdminListener {
  readonly gate: ManagedGate;
  readonly attempts: SignInAttempts;
  readonly port: number;
  /** What is open, for `/connections`. */
  open: LiveConnection[];
  readonly logged: string[];
  /** What was refused so far. */
  readonly refused: Refusal[];
  readonly checks: ReadinessCheck[];
  stale: boolean;
  /** `path` below `/api/v1` unless it begins with `!`. */
  send(method: string, path: string, sent?: Sent): Promise<AdminReply>;
  /** A user who may `write` and `read` these, with a token for the admin listener. */
  deputy(name: string, resources: readonly GateResource[]): Promise<string>;
  close(): Promise<void>;
}

export async function openAdminListener(): Promise<AdminListener> {
  const hooks = { forget: (): void => {} };
  const gate = await openManagedGate({ onForget: () => hooks.forget() });
  const { management, clock } = gate;
  const attempts = createSignInAttempts(clock);
  const authenticator = createAuthenticator({
    source: credentialSource(management.store.read),
    clock,
    instanceId: 'test',
    secret: Buffer.alloc(32, 1),
    adminTokenHash: ADMIN_TOKEN_HASH,
    baseUrl: '/',
    guesses: attempts.byAddress,
  });
  hooks.forget = () => authenticator.forget();
  const listener = {
    gate,
    attempts,
    open: [] as LiveConnection[],
    logged: [] as string[],
    refused: [] as Refusal[],
    checks: [] as ReadinessCheck[],
    stale: false,
  };
  const server = createAdminServer({
    services: {
      management,
      classifyUrl: (method, url) => ({
        route: 'contents.save',
        questions: [
          { res: 'contents', act: method === 'GET' ? 'read' : 'write', path: url as '' },
          { res: 'kernels', act: 'execute', path: '', creates: true },
        ],
      }),
      attempts,
      connections: {
        list: () => listener.open,
        close: (ids) => {
          const before = listener.open.length;
          listener.open = listener.open.filter(({ id }) => !ids.has(id));
          return before - listener.open.length;
        },
      },
      verifyAudit: () => verifyAudit({ audit: management.store.read.audit, keys: new Map() }),
      linkLifetime: 60_000,
      inviteUrl: (code) => `http://gate.test/gate/invite?invitation=${code}`,
      signInUrl: (code) => `http://gate.test/gate/login?link=${code}`,
    },
    authenticator,
    isStale: () => listener.stale,
    refusals: { add: (refusal) => void listener.refused.push(refusal) },
    bodyLimit: 100_000,
    own: { host: '127.0.0.1', names: ['gate.internal', 'gate-admin.lab.svc:80'] },
    health: { checks: listener.checks, metrics: new Registry() },
    log: (message, details) => listener.logged.push(`${message} ${JSON.stringify(details)}`),
  });
  const { port } = await server.listen(0, '127.0.0.1');
  return Object.assign(listener, {
    port,
    send: (method: string, path: string, sent: Sent = {}) => send(port, { method, path, sent }),
    deputy: (name: string, resources: readonly GateResource[]) => deputy(gate, name, resources),
    async close() {
      await server.close();
      await gate.close();
    },
  });
}

async function deputy(gate: ManagedGate, name: string, resources: readonly GateResource[]): Promise<string> {
  const { management, root } = gate;
  const role = `role:of-${name}`;
  await addUser(management, root, { name });
  await addRole(management, root, { name: role });
  await addRule(management, root, { sub: role, res: resources.join('|'), act: 'read|write' });
  await grantRole(management, root, { subject: name, role });
  const { result } = await issueToken(management, root, { user: name, audience: 'admin' });
  return result.token;
}

function send(port: number, asked: { method: string; path: string; sent: Sent }): Promise<AdminReply> {
  const { method, path, sent } = asked;
  const payload = sent.raw ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
  const token = sent.token === undefined ? ADMIN_TOKEN : sent.token;
  const isChunked = sent.headers?.['transfer-encoding'] !== undefined;
  const headers = {
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    ...(payload === undefined ? {} : { 'content-type': 'application/json' }),
    ...(payload === undefined || isChunked ? {} : { 'content-length': String(Buffer.byteLength(payload)) }),
    ...sent.headers,
  };
  const target = path.startsWith('!') ? path.slice(1) : `/api/v1${path}`;
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { host: '127.0.0.1', port, method, path: target, headers, agent: false },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const isJson = /[/+]json/.test(response.headers['content-type'] ?? '') && text !== '';
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            json: isJson ? JSON.parse(text) : undefined,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(payload);
  });
}

/** Speaks to the running gate's admin API with the token from the data directory. */
import { COMMAND_LINE_AGENT } from '../core/audit-entry.ts';
import { CliError } from './cli-error.ts';

export interface AdminReply {
  readonly status: number;
  readonly body: unknown;
  /** Revision in force after a write, or `null`. */
  readonly revision: string | null;
}

export interface AdminClient {
  get(path: string): Promise<AdminReply>;
  post(path: string, body?: unknown): Promise<AdminReply>;
  put(path: string, body?: unknown): Promise<AdminReply>;
  patch(path: string, body: unknown): Promise<AdminReply>;
  delete(path: string): Promise<AdminReply>;
  /** All items of a collection, page by page. */
  all(path: string): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** An answer that may be long, handed on as it comes. */
  stream(path: string, write: (text: string) => void): Promise<void>;
}

export interface AdminClientOptions {
  /** E.g. `http://127.0.0.1:8001`. */
  readonly url: string;
  readonly token: string;
  readonly fetch: typeof fetch;
}

const TIMEOUT_MS = 30_000;
/** For answers that may take as long as they like. */
const NO_TIMEOUT = null;

export function createAdminClient({ url, token, fetch }: AdminClientOptions): AdminClient {
  async function send(method: string, path: string, body?: unknown): Promise<AdminReply> {
    const response = await reach(method, path, body);
    const text = await response.text();
    const parsed: unknown = text === '' ? null : parseJson(text, url);
    if (!response.ok) throw refused(parsed, response.status);
    return { status: response.status, body: parsed, revision: response.headers.get('gate-revision') };
  }

  async function stream(path: string, write: (text: string) => void): Promise<void> {
    const response = await reach('GET', path, undefined, NO_TIMEOUT);
    if (!response.ok) throw refused(parseJson(await response.text(), url), response.status);
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) write(decoder.decode(chunk, { stream: true }));
    write(decoder.decode());
  }

  async function reach(
    method: string,
    path: string,
    body: unknown,
    signal: AbortSignal | null = AbortSignal.timeout(TIMEOUT_MS),
  ): Promise<Response> {
    const headers: Record<string, string> = {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'user-agent': COMMAND_LINE_AGENT,
    };
    if (body !== undefined) headers['content-type'] = 'application/json';
    try {
      return await fetch(`${url}/api/v1${path}`, {
        method,
        headers,
        signal,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch (cause) {
      throw new CliError(
        `no gate answers at ${url}`,
        'start it with `npm start`, or name its data directory with `--data DIR`',
        cause,
      );
    }
  }

  async function all(path: string): Promise<Readonly<Record<string, unknown>>[]> {
    const items: Readonly<Record<string, unknown>>[] = [];
    let after: string | number | null = null;
    do {
      const joint = path.includes('?') ? '&' : '?';
      const cursor = after === null ? '' : `&after=${encodeURIComponent(after)}`;
      const { body } = await send('GET', `${path}${joint}limit=500${cursor}`);
      const page = body as { items: Record<string, unknown>[]; next?: string | number | null };
      items.push(...page.items);
      after = page.next ?? null;
    } while (after !== null);
    return items;
  }

  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    patch: (path, body) => send('PATCH', path, body),
    delete: (path) => send('DELETE', path),
    all,
    stream,
  };
}

interface Problem {
  readonly title?: string;
  readonly detail?: string;
  readonly hint?: string;
  readonly errors?: readonly { readonly at?: string; readonly message?: string }[];
}

function refused(body: unknown, status: number): CliError {
  const problem = (body ?? {}) as Problem;
  const what = [problem.title ?? `the gate answered ${status}`, problem.detail]
    .filter((part) => part !== undefined)
    .join(': ');
  const lines = (problem.errors ?? []).map(({ at, message }) => `  ${at ?? ''}: ${message ?? ''}`);
  return new CliError([what, ...lines].join('\n'), problem.hint);
}

function parseJson(text: string, url: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CliError(
      `what answers at ${url} is not the admin API of a gate`,
      'check `--admin-host` and `--admin-port`',
    );
  }
}

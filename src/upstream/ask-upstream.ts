/** One small GET to a Jupyter Server, over TCP or a Unix socket: for readiness, health and the check of a token. */
import http from 'node:http';
import https from 'node:https';

export interface UpstreamAddress {
  /** Scheme and authority; `http://localhost` with a socket. */
  readonly origin: string;
  readonly socketPath: string | undefined;
}

export interface UpstreamQuestion {
  /** Path with base URL, e.g. `/api/status`. */
  readonly path: string;
  readonly token?: string | undefined;
  /** Milliseconds for the whole exchange. */
  readonly timeout: number;
}

export interface UpstreamReply {
  readonly status: number;
  readonly body: string;
}

const MOST_BYTES = 1_048_576;

/** The reply, whatever its status. Rejects when there is none: refused, too slow, broken off or too large. */
export function askUpstream(address: UpstreamAddress, question: UpstreamQuestion): Promise<UpstreamReply> {
  const client = address.origin.startsWith('https:') ? https : http;
  const headers = question.token === undefined ? {} : { authorization: `token ${question.token}` };
  const socket = address.socketPath === undefined ? {} : { socketPath: address.socketPath };
  const signal = AbortSignal.timeout(question.timeout);
  return new Promise((resolve, reject) => {
    const options = { headers, signal, agent: false, ...socket } as const;
    const request = client.request(new URL(question.path, address.origin), options, (response) => {
      readReply(response).then(resolve, reject);
    });
    request.once('error', reject);
    request.end();
  });
}

async function readReply(response: http.IncomingMessage): Promise<UpstreamReply> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new Error(`more than ${MOST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return { status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') };
}

/** `version` of a reply of `GET /api`, or undefined when that was no Jupyter Server. */
export function versionIn(reply: UpstreamReply): string | undefined {
  if (reply.status !== 200) return undefined;
  try {
    const body: unknown = JSON.parse(reply.body);
    if (typeof body !== 'object' || body === null || !('version' in body)) return undefined;
    return typeof body.version === 'string' ? body.version : undefined;
  } catch {
    return undefined;
  }
}

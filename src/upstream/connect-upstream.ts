/** A Jupyter Server that somebody else runs: asked once whether it is there and whether the token opens it. */
import { AppError } from '../core/errors.ts';
import { askUpstream, versionIn } from './ask-upstream.ts';
import type { UpstreamReply } from './ask-upstream.ts';
import type { UpstreamServer } from './upstream.ts';

export interface ConnectOptions {
  /** Any URL of the server; only its origin counts. */
  readonly url: string;
  readonly token: string | undefined;
  /** Begins and ends with `/`. */
  readonly baseUrl: string;
}

const TIMEOUT = 10_000;

/** Throws `UPSTREAM_UNREACHABLE` when no Jupyter Server answers, `CONFIG_INVALID` when the token does not open it. */
export async function connectUpstream(options: ConnectOptions): Promise<UpstreamServer> {
  const address = { origin: new URL(options.url).origin, socketPath: undefined };
  const path = `${options.baseUrl}api`;
  const reply = await ask(address, path, undefined);
  const version = versionIn(reply);
  if (version === undefined) {
    throw new AppError('UPSTREAM_UNREACHABLE', {
      detail: `expected a Jupyter Server at \`${address.origin}${path}\`, received status ${reply.status}; does \`base-url\` equal its own?`,
    });
  }
  checkToken(await ask(address, `${path}/status`, options.token), options.token);
  const healthy = () =>
    askUpstream(address, { path, timeout: TIMEOUT }).then(
      (answer) => versionIn(answer) !== undefined,
      () => false,
    );
  return {
    ...address,
    token: options.token,
    version,
    healthy,
    welcomePage: async () => undefined,
    stop: async () => {},
  };
}

async function ask(
  address: { origin: string; socketPath: undefined },
  path: string,
  token: string | undefined,
): Promise<UpstreamReply> {
  try {
    return await askUpstream(address, { path, token, timeout: TIMEOUT });
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message || cause.name : String(cause);
    throw new AppError('UPSTREAM_UNREACHABLE', {
      detail: `expected an answer from \`${address.origin}\`, received ${reason}`,
      cause,
    });
  }
}

function checkToken(reply: UpstreamReply, token: string | undefined): void {
  if (reply.status === 200) return;
  const received = token === undefined ? 'none' : 'one it refuses';
  const message = `expected a token that the Jupyter Server accepts, received ${received} (status ${reply.status})`;
  throw new AppError('CONFIG_INVALID', {
    detail: `upstream-token: ${message}`,
    problems: [{ at: 'upstream-token', message }],
  });
}

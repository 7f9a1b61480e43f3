/**
 * The part of the way that HTTP requests and upgrades share: authenticate → classify → decide.
 * An upgrade takes exactly these steps, so no `Upgrade` header walks around one of them.
 */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../core/errors.ts';
import type { Identity } from '../core/identity.ts';
import type { Documents } from '../core/documents.ts';
import { queryValues } from '../core/target.ts';
import { defend } from '../authenticate/browser-defence.ts';
import type { Authenticator } from '../authenticate/authenticator.ts';
import type { Classifier, RouteMatch } from '../classify/classifier.ts';
import { parseJsonBody } from '../classify/json-body.ts';
import { decideRequest } from './decide-request.ts';
import type { DecideDeps, Decided } from './decide-request.ts';
import { hasBody, readBody } from './read-body.ts';
import { nameDocument } from './name-document.ts';
import type { Trail } from './trail.ts';

export interface AdmitDeps extends DecideDeps {
  readonly authenticator: Authenticator;
  readonly classifier: Classifier;
  /** Origins under which browsers may use the gate; known once the port is. */
  readonly publicOrigins: () => readonly string[];
  readonly documents: Documents;
  /** Throws `POLICY_STALE` when the policy was not confirmed for too long. */
  readonly assertFresh: () => void;
}

export interface Admission extends Decided {
  readonly identity: Identity;
}

/** Takes one request through the shared steps. Throws the `AppError` of the step that refused; `trail` keeps what was learnt. */
export async function admit(
  deps: AdmitDeps,
  request: IncomingMessage,
  transport: 'http' | 'websocket',
  trail: Trail,
): Promise<Admission> {
  const identity = await authenticate(deps, request, transport, trail);
  const match = deps.classifier.match(trail.method, request.url ?? '', transport);
  trail.match = match;
  const asked = match.classify(await neededBody(match, request));
  const classified = await nameDocument(deps.documents, asked, identity);
  trail.classified = classified;
  deps.assertFresh();
  const decided = await decideRequest(deps, classified, trail, { identity, client: trail.client });
  trail.code = decided.verdict.code;
  return { identity, ...decided };
}

async function authenticate(
  deps: AdmitDeps,
  request: IncomingMessage,
  transport: 'http' | 'websocket',
  trail: Trail,
): Promise<Identity> {
  const target = request.url ?? '';
  const identified = await deps.authenticator.identify({
    headers: request.headers,
    queryToken: queryValues(target, 'token').at(-1),
    audience: 'proxy',
    secure: trail.client.secure,
    address: trail.client.address,
  });
  trail.identity = identified.identity;
  trail.setCookies = identified.setCookies;
  defend(
    {
      method: trail.method,
      upgrade: transport === 'websocket',
      headers: request.headers,
      queryXsrf: queryValues(target, '_xsrf').at(-1),
    },
    trail.client,
    identified.identity,
    deps.publicOrigins(),
  );
  return identified.identity;
}

async function neededBody(match: RouteMatch, request: IncomingMessage): Promise<unknown> {
  if (match.body === 'stream') return undefined;
  if (match.body === 'none') {
    if (hasBody(request))
      throw new AppError('BODY_INVALID', { detail: 'expected no body on this route, received one' });
    return undefined;
  }
  const { 'content-type': type, 'content-encoding': encoding } = request.headers;
  return parseJsonBody(await readBody(request, match.bodyLimit), type, encoding);
}

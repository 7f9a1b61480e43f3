/**
 * The part of the way that HTTP requests and upgrades share: authenticate → classify → decide.
 * An upgrade takes exactly these steps, so no `Upgrade` header walks around one of them.
 */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../core/errors.ts';
import type { Identity } from '../core/identity.ts';
import type { Documents } from '../core/documents.ts';
import type { Soon } from '../core/soon.ts';
import { queryValues } from '../core/target.ts';
import { defend } from '../authenticate/browser-defence.ts';
import type { DefendedRequest } from '../authenticate/browser-defence.ts';
import type { Authenticator, Identified } from '../authenticate/authenticator.ts';
import type { Classifier, RouteMatch } from '../classify/classifier.ts';
import { parseJsonBody } from '../classify/json-body.ts';
import { decideRequest } from './decide-request.ts';
import type { DecideDeps, Decided } from './decide-request.ts';
import { hasBody, readBody } from './read-body.ts';
import { nameDocument } from './name-document.ts';
import type { Trail } from './trail.ts';

type Transport = 'http' | 'websocket';

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

/**
 * Takes one request through the shared steps. Throws the `AppError` of the step that refused; `trail` keeps what was learnt.
 * Each step answers at once where it can, which is nearly always.
 */
export async function admit(
  deps: AdmitDeps,
  request: IncomingMessage,
  transport: Transport,
  trail: Trail,
): Promise<Admission> {
  const identified = await identify(deps, request, trail);
  const { identity } = identified;
  trail.identity = identity;
  trail.setCookies = identified.setCookies;
  defend(defended(request, transport, trail.method), trail.client, identity, deps.publicOrigins());
  const match = deps.classifier.match(trail.method, request.url ?? '', transport);
  trail.match = match;
  const asked = match.classify(await neededBody(match, request));
  const classified = await nameDocument(deps.documents, asked, identity);
  trail.classified = classified;
  deps.assertFresh();
  const decided = await decideRequest(deps, classified, trail, { identity, client: trail.client });
  trail.code = decided.verdict.code;
  return { identity, classified: decided.classified, verdict: decided.verdict };
}

function identify(
  { authenticator }: AdmitDeps,
  request: IncomingMessage,
  { client }: Trail,
): Soon<Identified> {
  return authenticator.identify({
    headers: request.headers,
    queryToken: queryValues(request.url ?? '', 'token').at(-1),
    audience: 'proxy',
    secure: client.secure,
    address: client.address,
  });
}

function defended(request: IncomingMessage, transport: Transport, method: string): DefendedRequest {
  return {
    method,
    upgrade: transport === 'websocket',
    headers: request.headers,
    queryXsrf: queryValues(request.url ?? '', '_xsrf').at(-1),
  };
}

/** What the decision needs of the body: nothing on most routes. */
function neededBody(match: RouteMatch, request: IncomingMessage): Soon<unknown> {
  if (match.body === 'json') return readJson(request, match.bodyLimit);
  if (match.body === 'none' && hasBody(request))
    throw new AppError('BODY_INVALID', { detail: 'expected no body on this route, received one' });
  return undefined;
}

async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const { 'content-type': type, 'content-encoding': encoding } = request.headers;
  return parseJsonBody(await readBody(request, limit), type, encoding);
}

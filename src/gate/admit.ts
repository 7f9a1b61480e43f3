/**
 * The part of the way that HTTP requests and upgrades share: authenticate → classify → decide.
 * An upgrade takes exactly these steps, so no `Upgrade` header walks around one of them.
 */
import type { IncomingMessage } from 'node:http';
import type { Classified } from '../core/classified.ts';
import { AppError } from '../core/errors.ts';
import type { Identity } from '../core/identity.ts';
import type { Documents } from '../core/documents.ts';
import { andThen } from '../core/soon.ts';
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
 * Takes one request through the shared steps. Throws or rejects with the `AppError` of the step that refused; `trail` keeps
 * what was learnt. Each step answers at once where it can, which is nearly always, and then so does this.
 */
export function admit(
  deps: AdmitDeps,
  request: IncomingMessage,
  transport: Transport,
  trail: Trail,
): Soon<Admission> {
  return andThen(identify(deps, request, trail), ({ identity, setCookies }) => {
    trail.identity = identity;
    trail.setCookies = setCookies;
    defend(defended(request, transport, trail.method), trail.client, identity, deps.publicOrigins());
    const match = deps.classifier.match(trail.method, request.url ?? '', transport);
    trail.match = match;
    return andThen(neededBody(match, request), (body) => {
      const asked = nameDocument(deps.documents, match.classify(body), identity);
      return andThen(asked, (classified) => decided(deps, classified, trail, identity));
    });
  });
}

function decided(deps: AdmitDeps, asked: Classified, trail: Trail, identity: Identity): Soon<Admission> {
  trail.classified = asked;
  deps.assertFresh();
  const deciding = decideRequest(deps, asked, trail, { identity, client: trail.client });
  return andThen(deciding, ({ classified, verdict }) => {
    trail.code = verdict.code;
    return { identity, classified, verdict };
  });
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

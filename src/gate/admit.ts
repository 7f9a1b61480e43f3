/**
 * The part of the way that HTTP requests and upgrades share: authenticate → classify → decide.
 * An upgrade takes exactly these steps, so no `Upgrade` header walks around one of them.
 */
import type { IncomingMessage } from 'node:http';
import { AppError } from '../core/errors.ts';
import type { ObjectRef, Question } from '../core/question.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Classified, Subtree } from '../core/classified.ts';
import type { Identity } from '../core/identity.ts';
import type { ObjectRegistry } from '../core/objects.ts';
import { queryValues } from '../core/target.ts';
import { defend } from '../authenticate/browser-defence.ts';
import type { Authenticator } from '../authenticate/authenticator.ts';
import type { Classifier, RouteMatch } from '../classify/classifier.ts';
import { parseJsonBody } from '../classify/json-body.ts';
import { hasBody, readBody } from './read-body.ts';
import { endedKernel } from './ended-kernel.ts';
import { askDrafted } from './ask-drafted.ts';
import type { AskingContext, Questions } from './questions.ts';
import type { Subtrees } from './subtree.ts';
import type { Trail } from './trail.ts';

export interface AdmitDeps {
  readonly authenticator: Authenticator;
  readonly classifier: Classifier;
  readonly questions: Questions;
  /** Origins under which browsers may use the gate; known once the port is. */
  readonly publicOrigins: () => readonly string[];
  readonly registry: Pick<ObjectRegistry, 'lookup'>;
  readonly subtrees: Subtrees;
  /** Throws `POLICY_STALE` when the policy was not confirmed for too long. */
  readonly assertFresh: () => void;
}

export interface Admission {
  readonly identity: Identity;
  readonly classified: Classified;
  readonly verdict: Verdict;
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
  const classified = match.classify(await neededBody(match, request));
  trail.classified = classified;
  const context = { identity, client: trail.client };
  const drafts = [...classified.questions, ...endedKernel(deps.registry, classified)];
  trail.questions = drafts.map((draft) => deps.questions.complete(draft, context));
  deps.assertFresh();
  const { verdict, refused } = await askDrafted(deps, classified, trail, context);
  trail.verdict = verdict;
  if (refused !== undefined) throw await refusal(deps, verdict, refused, { trail, classified });
  if (classified.subtree !== undefined) await admitSubtree(deps, classified.subtree, trail, context);
  trail.code = verdict.code;
  return { identity, classified, verdict };
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

/** What is below a directory may be none of the asker's business: its name then stays out of the refusal. */
async function admitSubtree(
  deps: AdmitDeps,
  subtree: Subtree,
  trail: Trail,
  context: AskingContext,
): Promise<void> {
  const { verdicts, refused } = await deps.subtrees.ask(subtree, context);
  const verdict = verdicts.at(-1);
  if (refused === undefined || verdict === undefined) return;
  trail.verdict = verdict;
  trail.questions = [...trail.questions, refused];
  const asker = deps.questions.asker(context);
  const seen = refused.path !== '' && (await asker.may('contents', 'read', refused.path));
  const detail = seen ? wanted(refused) : `${refused.act} ${refused.res} below \`${subtree.source}\``;
  throw new AppError(denial(verdict), { detail, cause: verdict.error });
}

/** What a refusal looks like from outside: sign in first, not to be known, or forbidden with the reason. */
async function refusal(
  deps: AdmitDeps,
  verdict: Verdict,
  refused: Question,
  { trail, classified }: { readonly trail: Trail; readonly classified: Classified },
): Promise<AppError> {
  const { identity } = trail;
  if (identity?.credential === 'none') return new AppError('SIGN_IN_REQUIRED');
  // A body can name somebody else's kernel too; the sentence about it would tell the path of their notebook.
  const named = classified.questions[trail.questions.indexOf(refused)]?.object ?? classified.object;
  if (identity !== undefined && named !== undefined && !(await maySee(deps, identity, named, trail))) {
    return new AppError('NOT_FOUND');
  }
  return new AppError(denial(verdict), { detail: wanted(refused), cause: verdict.error });
}

function denial({ code }: Verdict): Exclude<Verdict['code'], 'ALLOWED'> {
  return code === 'ALLOWED' ? 'DENIED_BY_POLICY' : code;
}

function maySee(deps: AdmitDeps, identity: Identity, object: ObjectRef, trail: Trail): Promise<boolean> {
  const asker = deps.questions.asker({ identity, client: trail.client });
  return asker.mayObject(`${object.kind}s`, 'read', object);
}

function wanted({ act, res, path }: Question): string {
  return path === '' ? `${act} ${res}` : `${act} ${res} \`${path}\``;
}

/** The proxy side: the stages a request passes, wired once, for a listener of ours or somebody else's server. */
import { createBrowserCookies } from '../authenticate/browser-cookies.ts';
import { publicOrigins } from '../authenticate/public-origins.ts';
import { ownPages } from '../accept/own-pages.ts';
import type { ProxyHandlersDeps } from '../accept/server/create-proxy-handlers.ts';
import { createClassifier } from '../classify/create-classifier.ts';
import type { Classifier } from '../classify/classifier.ts';
import type { GateConfig } from '../config/config.ts';
import { AppError } from '../core/errors.ts';
import { createForwarder } from '../forward/create-forwarder.ts';
import type { Forwarder } from '../forward/forwarder.ts';
import { askAddress } from '../gate/ask-address.ts';
import { createChannelSessions } from '../gate/channel-sessions.ts';
import { createDocuments } from '../gate/documents.ts';
import { createFileTurns } from '../gate/file-turns.ts';
import { createNewEntries } from '../gate/new-entries.ts';
import { createWriteNotes } from '../gate/note-writes.ts';
import { createOwnKernels } from '../gate/own-kernels.ts';
import { createOwnSessions } from '../gate/own-sessions.ts';
import { createOwnTerminals } from '../gate/own-terminals.ts';
import { createQuestions } from '../gate/questions.ts';
import { createReconciler } from '../gate/reconcile-objects.ts';
import { createSeats } from '../gate/seats.ts';
import { createSubtreeLister } from '../gate/list-subtree.ts';
import { createSavedCells } from '../gate/saved-cells/saved-cells.ts';
import { createSubtrees } from '../gate/subtree.ts';
import { createRequestGate } from '../gate/request-gate.ts';
import { createAdviseOnPage } from '../manage/access-requests/advise-on-page.ts';
import { endKernel } from '../manage/kernels/end-kernel.ts';
import { maySignIn } from '../manage/sign-in/may-sign-in.ts';
import type { SignInDeps } from '../manage/sign-in/sign-in-deps.ts';
import { createPresenter } from '../present/create-presenter.ts';
import { createRevokedKernels } from '../watch/revoked-kernels.ts';
import type { Cleanups } from './cleanups.ts';
import { collectSpentBuffers } from './collect-spent-buffers.ts';
import { openAsking } from './open-asking.ts';
import type { Core } from './open-core.ts';
import type { PolicySide } from './open-policy.ts';

export interface ProxySide {
  /** What `createProxyHandlers` and `createProxyServer` are made of. */
  readonly handlers: ProxyHandlersDeps;
  readonly classifier: Classifier;
  /** Takes the port that browsers reach, which names the origins when no public URL does; gives the first of them. */
  openedAt(port: number): string;
}

const REWRITE_LIMIT = 256 * 1024 * 1024;
const CONNECT_TIMEOUT = 10_000;
const RECONCILE_INTERVAL = 30_000;
const REVOKED_INTERVAL = 1000;

/** Nothing listens yet. Throws `CONFIG_INVALID`. */
export function openProxy(config: GateConfig, core: Core, cleanups: Cleanups): ProxySide {
  const { policy, instance, authenticator, upstream, clock, log } = core;
  const { baseUrl } = config;
  let origins = publicOrigins(config, config.port);

  const forwarder = createForwarder(upstream, {
    connectTimeout: CONNECT_TIMEOUT,
    headersTimeout: config.upstreamTimeout,
    onPassed: collectSpentBuffers(),
  });
  cleanups.add('connections to Jupyter', () => forwarder.close());
  const { objects: registry, documents: personal, writers } = policy.store;
  const documents = createDocuments({ forwarder, clock, baseUrl });
  const reconciler = createReconciler({
    forwarder,
    registry,
    clock,
    baseUrl,
    intervalMs: RECONCILE_INTERVAL,
    onFailure: (error) => log.warn({ error }, 'could not compare owners with what the Jupyter Server has'),
  });
  cleanups.add('comparing owners', () => reconciler.stop());
  followRevocation(config, core, { forwarder, cleanups });
  const classifier = createClassifier({
    baseUrl,
    extraRoutes: config.routes,
    jsonBodyLimit: config.jsonBodyLimit,
  });
  const questions = createQuestions({
    server: config.serverName,
    registry,
    judge: core.judge,
    localTime: core.localTime,
  });
  const asking = openAsking(core, classifier);
  const lister = createSubtreeLister(forwarder, baseUrl);
  const fileTurns = createFileTurns();
  const gate = createRequestGate(
    {
      authenticator,
      classifier,
      questions,
      registry,
      subtrees: createSubtrees({ lister, questions }),
      documents,
      seats: createSeats(),
      writers,
      publicOrigins: () => origins,
      assertFresh: freshness(config, policy),
      forwarder,
      presenter: createPresenter({
        registry,
        documents: personal,
        shared: documents,
        ask: (method, target, body) => forwarder.ask(method, target, body),
        clock,
        upstreamToken: upstream.token,
        baseUrl,
      }),
      ownSessions: createOwnSessions({ forwarder, registry }),
      channelSessions: createChannelSessions(policy.store.channelUsers, instance.secret),
      savedCells: createSavedCells({ forwarder, fileTurns, questions, registry, writers, baseUrl }),
      ownKernels: createOwnKernels({ forwarder, registry }),
      ownTerminals: createOwnTerminals({ forwarder, registry, baseUrl }),
      lister,
      fileTurns,
      newEntries: createNewEntries({ forwarder, lister, baseUrl, clock }),
      writeNotes: createWriteNotes(writers),
      rewriteLimit: REWRITE_LIMIT,
      recorder: core.recorder,
      liveSockets: core.watch,
      clock,
      askAddress: asking && ((question, context) => askAddress(question, context, baseUrl)),
      advise:
        asking === undefined
          ? undefined
          : createAdviseOnPage(asking, (error) => log.error({ error }, 'no advice on a refusal')),
      onFailure: (error, id) =>
        log.error({ id, code: error.code, detail: error.detail, cause: error.cause }, error.message),
    },
    { baseUrl, deniedStatus: config.deniedStatus, asking: asking !== undefined },
  );
  const handlers: ProxyHandlersDeps = {
    gate,
    pages: (clientOf) =>
      ownPages({
        authenticator,
        cookies: createBrowserCookies({ instanceId: instance.id, secret: instance.secret, baseUrl }),
        useCases: signInDeps(config, core),
        management: policy.management,
        asking,
        baseUrl,
        clientOf,
        publicOrigins: () => origins,
      }),
    config,
    clock,
    log,
    recorder: core.recorder,
  };
  const openedAt = (port: number): string => {
    origins = publicOrigins(config, port);
    return origins[0] ?? `http://${config.host}:${port}`;
  };
  return { handlers, classifier, openedAt };
}

/** Sockets of a right that ended are closed in any case; the kernels behind them go on unless the operator says otherwise. */
function followRevocation(
  { onRevoke, baseUrl }: GateConfig,
  { policy, judge, clock, localTime, log }: Core,
  { forwarder, cleanups }: { readonly forwarder: Forwarder; readonly cleanups: Cleanups },
): void {
  if (onRevoke === 'keep') return;
  const { store, decider } = policy;
  const kernels = createRevokedKernels({
    registry: store.objects,
    judge,
    decider,
    isActive: async (user) => maySignIn(await store.read.users.find(user)),
    localTime,
    end: (kernel) => endKernel({ store, clock, forwarder, baseUrl }, onRevoke, kernel),
    onFailure: (error) =>
      log.warn({ error }, `could not ${onRevoke} the kernel of a person whose right ended`),
    intervalMs: REVOKED_INTERVAL,
  });
  cleanups.add('kernels of rights that ended', () => kernels.stop());
}

/** Fails closed when another replica may have changed the policy and this one could not find out. */
function freshness({ strictAge }: GateConfig, { store, following }: PolicySide): () => void {
  return () => {
    if (Math.max(store.confirmedAge(), following.behindFor()) > strictAge) throw new AppError('POLICY_STALE');
  };
}

function signInDeps(config: GateConfig, { policy, attempts, clock, forget }: Core): SignInDeps {
  return {
    store: policy.store,
    clock,
    passwords: policy.passwords,
    attempts,
    refusals: policy.audit.refusals,
    sessionLifetime: config.sessionLifetime,
    linkLifetime: config.linkLifetime,
    forget,
  };
}

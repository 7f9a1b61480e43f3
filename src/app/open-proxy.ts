/** The proxy side: the stages a request passes, wired once, behind a listener. */
import type { AddressInfo } from 'node:net';
import { createBrowserCookies } from '../authenticate/browser-cookies.ts';
import { publicOrigins } from '../authenticate/public-origins.ts';
import type { Authenticator } from '../authenticate/authenticator.ts';
import { createProxyServer } from '../accept/server/create-proxy-server.ts';
import { signInRoutes } from '../accept/sign-in/sign-in-routes.ts';
import { createClassifier } from '../classify/create-classifier.ts';
import type { Classifier } from '../classify/classifier.ts';
import type { GateConfig } from '../config/config.ts';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { LiveSockets } from '../core/live-socket.ts';
import { createForwarder } from '../forward/create-forwarder.ts';
import { createChannelSessions } from '../gate/channel-sessions.ts';
import { createOwnSessions } from '../gate/own-sessions.ts';
import { createQuestions } from '../gate/questions.ts';
import { createRequestGate } from '../gate/request-gate.ts';
import { createSignInAttempts } from '../manage/sign-in/create-sign-in-attempts.ts';
import type { SignInDeps } from '../manage/sign-in/sign-in-deps.ts';
import { createPresenter } from '../present/create-presenter.ts';
import type { Log } from '../record/log.ts';
import type { Recorder } from '../record/recorder.ts';
import type { UpstreamServer } from '../upstream/upstream.ts';
import type { Cleanups } from './cleanups.ts';
import type { Instance } from './instance.ts';
import type { PolicySide } from './open-policy.ts';

export interface OpenProxyDeps {
  readonly policy: PolicySide;
  readonly instance: Instance;
  readonly authenticator: Authenticator;
  readonly upstream: UpstreamServer;
  readonly recorder: Recorder;
  readonly liveSockets: LiveSockets;
  readonly clock: Clock;
  readonly log: Log;
  readonly localTime: () => string;
  readonly forget: () => void;
  readonly cleanups: Cleanups;
}

export interface ProxySide {
  readonly address: AddressInfo;
  readonly classifier: Classifier;
  /** First origin under which browsers may open the gate. */
  readonly origin: string;
}

const REWRITE_LIMIT = 256 * 1024 * 1024;
const CONNECT_TIMEOUT = 10_000;

/** Starts the listener. Throws `PORT_IN_USE` or `CONFIG_INVALID`. */
export async function openProxy(config: GateConfig, deps: OpenProxyDeps): Promise<ProxySide> {
  const { policy, instance, authenticator, upstream, clock, log, cleanups } = deps;
  const { baseUrl } = config;
  let origins = publicOrigins(config, config.port);

  const forwarder = createForwarder(upstream, {
    connectTimeout: CONNECT_TIMEOUT,
    headersTimeout: config.upstreamTimeout,
  });
  cleanups.add('connections to Jupyter', () => forwarder.close());
  const { objects: registry, documents } = policy.store;
  const classifier = createClassifier({
    baseUrl,
    extraRoutes: config.routes,
    jsonBodyLimit: config.jsonBodyLimit,
  });
  const gate = createRequestGate(
    {
      authenticator,
      classifier,
      questions: createQuestions({
        server: config.serverName,
        registry,
        decider: policy.decider,
        localTime: deps.localTime,
      }),
      publicOrigins: () => origins,
      assertFresh: freshness(config, policy),
      forwarder,
      presenter: createPresenter({
        registry,
        documents,
        ask: forwarder.ask,
        clock,
        upstreamToken: upstream.token,
        baseUrl,
      }),
      ownSessions: createOwnSessions({ forwarder, registry }),
      channelSessions: createChannelSessions(instance.secret),
      rewriteLimit: REWRITE_LIMIT,
      recorder: deps.recorder,
      liveSockets: deps.liveSockets,
      clock,
      onFailure: (error, id) =>
        log.error({ id, code: error.code, detail: error.detail, cause: error.cause }, error.message),
    },
    { baseUrl, deniedStatus: config.deniedStatus },
  );
  const server = createProxyServer({
    gate,
    pages: (clientOf) =>
      signInRoutes({
        authenticator,
        cookies: createBrowserCookies({ instanceId: instance.id, secret: instance.secret, baseUrl }),
        useCases: signInDeps(config, deps),
        baseUrl,
        clientOf,
        publicOrigins: () => origins,
      }),
    config,
    clock,
    log,
    recorder: deps.recorder,
  });
  const address = await server.listen(config.port, config.host);
  cleanups.add('proxy listener', () => server.close(config.stopTimeout));
  origins = publicOrigins(config, address.port);
  return { address, classifier, origin: origins[0] ?? `http://${config.host}:${address.port}` };
}

/** Fails closed when another replica may have changed the policy and this one could not find out. */
function freshness({ strictAge }: GateConfig, { store, following }: PolicySide): () => void {
  return () => {
    if (Math.max(store.confirmedAge(), following.behindFor()) > strictAge) throw new AppError('POLICY_STALE');
  };
}

function signInDeps(config: GateConfig, { policy, clock, forget }: OpenProxyDeps): SignInDeps {
  return {
    store: policy.store,
    clock,
    passwords: policy.passwords,
    attempts: createSignInAttempts(clock),
    sessionLifetime: config.sessionLifetime,
    linkLifetime: config.linkLifetime,
    forget,
  };
}

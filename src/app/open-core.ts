/** Everything behind the listeners: policy, sign-in, record, live sockets and the Jupyter Server, in order. */
import type { Authenticator } from '../authenticate/authenticator.ts';
import { createAuthenticator } from '../authenticate/create-authenticator.ts';
import type { GateConfig } from '../config/config.ts';
import type { Environment } from '../config/read-environment.ts';
import type { Clock } from '../core/clock.ts';
import { createSteadyClock } from '../core/steady-clock.ts';
import type { Authorize, Judge } from '../core/judge.ts';
import { createHookJudge } from '../gate/hook-judge.ts';
import { createLocalTime } from '../gate/local-time.ts';
import { createPolicyJudge } from '../gate/policy-judge.ts';
import { adminToken } from '../manage/admin-token.ts';
import { createSignInAttempts } from '../manage/sign-in/create-sign-in-attempts.ts';
import { credentialSource } from '../manage/sign-in/credential-source.ts';
import type { SignInAttempts } from '../manage/sign-in/sign-in-deps.ts';
import { createRecorder } from '../record/create-recorder.ts';
import type { Log } from '../record/log.ts';
import { createMetrics } from '../record/metrics.ts';
import type { Metrics } from '../record/metrics.ts';
import type { Recorder } from '../record/recorder.ts';
import { openUpstream } from '../upstream/open-upstream.ts';
import type { UpstreamServer } from '../upstream/upstream.ts';
import { createWatch } from '../watch/create-watch.ts';
import type { Watch } from '../watch/create-watch.ts';
import type { Cleanups } from './cleanups.ts';
import { openDataDirectory } from './data-directory.ts';
import { openInstance } from './instance.ts';
import type { Instance } from './instance.ts';
import { openPolicy } from './open-policy.ts';
import type { PolicySide } from './open-policy.ts';

export interface CoreIo {
  readonly env: Environment;
  readonly cwd: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the installation of a Jupyter that is under way; the start then fails with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told about each long step of starting. */
  progress(text: string): void;
  /** Decides on Jupyter resources in place of the policy. */
  readonly hook?: { readonly authorize: Authorize; readonly timeout: number } | undefined;
}

export interface Core {
  readonly policy: PolicySide;
  readonly instance: Instance;
  readonly authenticator: Authenticator;
  /** Who guessed too often, at the sign-in pages and with API tokens. */
  readonly attempts: SignInAttempts;
  readonly judge: Judge;
  /** Whether the policy decides on Jupyter resources, as opposed to the application around the gate. */
  readonly decidesItself: boolean;
  readonly watch: Watch;
  readonly recorder: Recorder;
  readonly metrics: Metrics;
  readonly upstream: UpstreamServer;
  readonly clock: Clock;
  readonly log: Log;
  readonly localTime: () => string;
  /** Drops cached credentials and asks again about live sockets. */
  readonly forget: () => void;
}

const RECORD = { together: 64, togetherMs: 100, batch: 200, maxQueue: 20_000, intervalMs: 500 } as const;
const WATCH_INTERVAL = 1000;

/** Opens it; each part is undone by `cleanups`. */
export async function openCore(config: GateConfig, io: CoreIo, cleanups: Cleanups): Promise<Core> {
  const { log } = io;
  const clock = createSteadyClock(io.clock);
  const localTime = createLocalTime(clock, config.timezone);
  await openDataDirectory(config.data);
  // Cached credentials and live sockets come after the policy they are told by.
  let forgetAll = (): void => {};
  const forget = (): void => forgetAll();
  const metrics = createMetrics();
  const policy = await openPolicy(config, { clock, log, metrics, localTime, forget, cleanups });
  const { store, decider } = policy;
  const instance = await openInstance(store);
  const token = await adminToken({ data: config.data, configured: config.adminToken });
  const attempts = createSignInAttempts(clock);
  const authenticator = createAuthenticator({
    source: credentialSource(store.read),
    clock,
    instanceId: instance.id,
    secret: instance.secret,
    adminTokenHash: token.hash,
    baseUrl: config.baseUrl,
    guesses: attempts.byAddress,
  });
  const judge = openJudge(policy, { ...io, clock });
  const watch = createWatch({
    decider,
    judge,
    authenticator,
    clock,
    localTime,
    intervalMs: WATCH_INTERVAL,
  });
  cleanups.add('watch', () => watch.stop());
  forgetAll = () => {
    authenticator.forget();
    void watch.recheck();
  };
  metrics.watch({
    openSockets: () => watch.size,
    policyRevision: () => decider.current.revision,
    policyAgeMs: () => Math.max(store.confirmedAge(), policy.following.behindFor()),
    decisionsLost: () => recorder.lost,
  });
  const recorder = createRecorder(
    {
      append: (entries) => store.transaction((tx) => tx.decisions.append(entries), { relaxed: true }),
      log,
      metrics,
      refusals: policy.audit.refusals,
    },
    RECORD,
  );
  cleanups.add('decision log', () => recorder.close());
  const upstream = await openUpstream(config, {
    env: io.env,
    cwd: io.cwd,
    log,
    clock,
    signal: io.signal,
    progress: (text) => io.progress(text),
  });
  cleanups.add('Jupyter', () => upstream.stop());
  return {
    policy,
    instance,
    authenticator,
    attempts,
    judge,
    decidesItself: io.hook === undefined,
    watch,
    recorder,
    metrics,
    upstream,
    clock,
    log,
    localTime,
    forget,
  };
}

function openJudge({ decider }: PolicySide, { hook, clock, log }: CoreIo): Judge {
  const policy = createPolicyJudge(decider);
  if (hook === undefined) return policy;
  return createHookJudge({
    ...hook,
    policy,
    revision: () => decider.current.revision,
    clock,
    onFailure: (error) => log.error({ error }, '`authorize` failed, so the request is refused'),
  });
}

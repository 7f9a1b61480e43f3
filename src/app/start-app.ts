/** The composition root: every part is made here, once, in order, and undone in the reverse order. */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAuthenticator } from '../authenticate/create-authenticator.ts';
import type { GateConfig } from '../config/config.ts';
import type { Environment } from '../config/read-environment.ts';
import type { Clock } from '../core/clock.ts';
import type { Decider } from '../decide/decider.ts';
import { createLocalTime } from '../gate/local-time.ts';
import { createPolicyJudge } from '../gate/policy-judge.ts';
import { gateActor } from '../manage/actor.ts';
import { adminToken } from '../manage/admin-token.ts';
import { FIRST_USER } from '../manage/first-start.ts';
import { createLink } from '../manage/sign-in/create-link.ts';
import { credentialSource } from '../manage/sign-in/credential-source.ts';
import { createRecorder } from '../record/create-recorder.ts';
import type { Log } from '../record/log.ts';
import { createMetrics } from '../record/metrics.ts';
import { openUpstream } from '../upstream/open-upstream.ts';
import { createWatch } from '../watch/create-watch.ts';
import { createCleanups } from './cleanups.ts';
import { openInstance } from './instance.ts';
import { openAdmin } from './open-admin.ts';
import { openPolicy } from './open-policy.ts';
import type { PolicySide } from './open-policy.ts';
import { openProxy } from './open-proxy.ts';

export interface AppIo {
  readonly env: Environment;
  readonly cwd: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Told about each long step of starting. */
  progress(text: string): void;
}

export interface App {
  /** Where browsers open the gate, with the base path. */
  readonly url: string;
  readonly adminUrl: string;
  readonly decider: Decider;
  /** A fresh one-time sign-in link of the first user, to the welcome notebook if there is one; undefined when they are gone or disabled. */
  signInLink(): Promise<string | undefined>;
  /** Drains and stops everything, our own Jupyter and its kernels included. */
  close(): Promise<void>;
}

const RECORD = { batch: 200, maxQueue: 20_000, intervalMs: 500 } as const;
const WATCH_INTERVAL = 1000;
const ADMIN_URL_FILE = 'admin.url';

/** Starts everything. When a step fails, what was started before is stopped again and the error passed on. */
export async function startApp(config: GateConfig, io: AppIo): Promise<App> {
  const cleanups = createCleanups((name, error) => io.log.error({ error }, `could not stop: ${name}`));
  try {
    return await start(config, io, cleanups);
  } catch (error) {
    await cleanups.run();
    throw error;
  }
}

async function start(
  config: GateConfig,
  io: AppIo,
  cleanups: ReturnType<typeof createCleanups>,
): Promise<App> {
  const { clock, log } = io;
  const localTime = createLocalTime(clock, config.timezone);
  await mkdir(config.data, { recursive: true, mode: 0o700 });
  // Cached credentials and live sockets come after the policy they are told by.
  let forget = (): void => {};
  const policy = await openPolicy(config, { clock, log, localTime, forget: () => forget(), cleanups });
  const { store, decider } = policy;
  const instance = await openInstance(store);
  const token = await adminToken({ data: config.data, configured: config.adminToken });
  const authenticator = createAuthenticator({
    source: credentialSource(store.read),
    clock,
    instanceId: instance.id,
    secret: instance.secret,
    adminTokenHash: token.hash,
    baseUrl: config.baseUrl,
  });
  const judge = createPolicyJudge(decider);
  const watch = createWatch({ decider, judge, authenticator, clock, localTime, intervalMs: WATCH_INTERVAL });
  cleanups.add('watch', () => watch.stop());
  forget = () => {
    authenticator.forget();
    void watch.recheck();
  };

  const metrics = createMetrics();
  const recorder = createRecorder(
    {
      append: (entries) => store.transaction((tx) => tx.decisions.append(entries), { relaxed: true }),
      log,
      metrics,
    },
    RECORD,
  );
  cleanups.add('decision log', () => recorder.close());
  metrics.watch({
    openSockets: () => watch.size,
    policyRevision: () => decider.current.revision,
    policyAgeMs: () => Math.max(store.confirmedAge(), policy.following.behindFor()),
    decisionsLost: () => recorder.lost,
  });

  const upstream = await openUpstream(config, {
    env: io.env,
    cwd: io.cwd,
    log,
    clock,
    progress: (text) => io.progress(text),
  });
  cleanups.add('Jupyter', () => upstream.stop());
  const shared = { policy, authenticator, upstream, log, cleanups };
  const proxy = await openProxy(config, {
    ...shared,
    judge,
    instance,
    recorder,
    liveSockets: watch,
    clock,
    localTime,
    forget: () => forget(),
  });
  const base = `${proxy.origin}${config.baseUrl}`;
  const signInUrl = (code: string): string => `${base}gate/login?link=${encodeURIComponent(code)}`;
  const admin = await openAdmin(config, { ...shared, classifier: proxy.classifier, metrics, signInUrl });
  const adminUrl = `http://${admin.family === 'IPv6' ? `[${admin.address}]` : admin.address}:${admin.port}`;
  const urlFile = join(config.data, ADMIN_URL_FILE);
  await writeFile(urlFile, `${adminUrl}\n`, { mode: 0o600 });
  cleanups.add(ADMIN_URL_FILE, () => rm(urlFile, { force: true }));

  return {
    url: base,
    adminUrl,
    decider,
    signInLink: async () => {
      const link = await firstUsersLink(config, policy, signInUrl);
      const welcome = await upstream.welcomePage();
      if (link === undefined || welcome === undefined) return link;
      return `${link}&next=${encodeURIComponent(config.baseUrl + welcome)}`;
    },
    close: () => cleanups.run(),
  };
}

async function firstUsersLink(
  config: GateConfig,
  { store, management }: PolicySide,
  signInUrl: (code: string) => string,
): Promise<string | undefined> {
  const user = await store.read.users.find(FIRST_USER);
  if (user === undefined || !user.active || user.removedAt !== null) return undefined;
  const { linkLifetime } = config;
  const link = await createLink({ store, clock: management.clock, linkLifetime }, gateActor, {
    user: FIRST_USER,
  });
  return signInUrl(link.code);
}

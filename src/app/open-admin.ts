/** The admin side: REST API, health and metrics on a listener of their own. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createAdminServer } from '../admin/create-admin-server.ts';
import type { AdminServices } from '../admin/endpoint.ts';
import type { Classifier } from '../classify/classifier.ts';
import type { GateConfig } from '../config/config.ts';
import { verifyAudit } from '../manage/audit/verify-audit.ts';
import type { Verification } from '../manage/audit/verify-audit.ts';
import { checkpointsIn } from '../manage/audit/statements.ts';
import { classifyUrl } from './classify-url.ts';
import type { Cleanups } from './cleanups.ts';
import type { Core } from './open-core.ts';
import type { SignInLinks } from './sign-in-links.ts';

export interface OpenAdminDeps {
  readonly core: Core;
  readonly classifier: Classifier;
  readonly links: Pick<SignInLinks, 'urlOf' | 'invitationOf'>;
  readonly cleanups: Cleanups;
}

const ADMIN_URL_FILE = 'admin.url';

/** Starts the listener and gives its address, which the command line finds in DATA. Throws `PORT_IN_USE`. */
export async function openAdmin(config: GateConfig, deps: OpenAdminDeps): Promise<string> {
  const { core, cleanups } = deps;
  const { policy, upstream, metrics } = core;
  const isStale = (): boolean =>
    Math.max(policy.store.confirmedAge(), policy.following.behindFor()) > config.strictAge;
  const services: AdminServices = {
    management: policy.management,
    classifyUrl: classifyUrl(deps.classifier),
    connections: core.watch,
    verifyAudit: verification(core),
    attempts: core.attempts,
    linkLifetime: config.linkLifetime,
    signInUrl: deps.links.urlOf,
    inviteUrl: deps.links.invitationOf,
  };
  const server = createAdminServer({
    services,
    authenticator: core.authenticator,
    isStale,
    refusals: policy.audit.refusals,
    bodyLimit: config.jsonBodyLimit,
    own: { host: config.adminHost, names: config.adminNames },
    health: {
      checks: [
        { name: 'policy', run: () => !isStale() },
        { name: 'jupyter', run: () => upstream.healthy() },
      ],
      metrics: { contentType: metrics.contentType, metrics: () => metrics.text() },
    },
    log: (message, details) => core.log.error(details, message),
  });
  const address = await server.listen(config.adminPort, config.adminHost);
  cleanups.add('admin listener', () => server.close());
  const url = `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`;
  const file = join(config.data, ADMIN_URL_FILE);
  await writeFile(file, `${url}\n`, { mode: 0o600 });
  cleanups.add(ADMIN_URL_FILE, () => rm(file, { force: true }));
  return url;
}

/** It takes a while and the processor: whoever asks meanwhile waits for the one under way. */
function verification({ policy: { store, audit } }: Core): () => Promise<Verification> {
  let running: Promise<Verification> | undefined;
  const verify = async (): Promise<Verification> => {
    const expected = checkpointsIn((await audit.keptCheckpoint()) ?? '');
    return verifyAudit({ audit: store.read.audit, keys: audit.keys, expected });
  };
  return () =>
    (running ??= verify().finally(() => {
      running = undefined;
    }));
}

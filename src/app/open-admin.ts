/** The admin side: REST API, health and metrics on a listener of their own. */
import type { AddressInfo } from 'node:net';
import { createAdminServer } from '../admin/create-admin-server.ts';
import type { AdminServices } from '../admin/endpoint.ts';
import type { Authenticator } from '../authenticate/authenticator.ts';
import type { Classifier } from '../classify/classifier.ts';
import type { GateConfig } from '../config/config.ts';
import type { LiveConnections } from '../core/live-socket.ts';
import type { ClassifyUrl } from '../manage/decisions/explain.ts';
import type { Log } from '../record/log.ts';
import type { Metrics } from '../record/metrics.ts';
import type { UpstreamServer } from '../upstream/upstream.ts';
import type { Cleanups } from './cleanups.ts';
import type { PolicySide } from './open-policy.ts';

export interface OpenAdminDeps {
  readonly policy: PolicySide;
  readonly authenticator: Authenticator;
  readonly classifier: Classifier;
  readonly upstream: UpstreamServer;
  readonly metrics: Metrics;
  readonly log: Log;
  readonly connections: LiveConnections;
  readonly signInUrl: (code: string) => string;
  readonly inviteUrl: (code: string) => string;
  readonly cleanups: Cleanups;
}

/** Starts the listener. Throws `PORT_IN_USE`. */
export async function openAdmin(config: GateConfig, deps: OpenAdminDeps): Promise<AddressInfo> {
  const { policy, upstream, metrics } = deps;
  const isStale = (): boolean =>
    Math.max(policy.store.confirmedAge(), policy.following.behindFor()) > config.strictAge;
  const services: AdminServices = {
    management: policy.management,
    classifyUrl: classifyUrl(deps.classifier),
    connections: deps.connections,
    linkLifetime: config.linkLifetime,
    signInUrl: deps.signInUrl,
    inviteUrl: deps.inviteUrl,
  };
  const server = createAdminServer({
    services,
    authenticator: deps.authenticator,
    isStale,
    bodyLimit: config.jsonBodyLimit,
    own: { host: config.adminHost, names: [] },
    health: {
      checks: [
        { name: 'policy', run: () => !isStale() },
        { name: 'jupyter', run: () => upstream.healthy() },
      ],
      metrics: { contentType: metrics.contentType, metrics: () => metrics.text() },
    },
    log: (message, details) => deps.log.error(details, message),
  });
  const address = await server.listen(config.adminPort, config.adminHost);
  deps.cleanups.add('admin listener', () => server.close());
  return address;
}

function classifyUrl(classifier: Classifier): ClassifyUrl {
  return (method, url, body) => {
    const match = classifier.match(method, url, 'http');
    const { route, questions } = match.classify(match.body === 'json' ? body : undefined);
    return { route, questions };
  };
}

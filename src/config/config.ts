/** The checked, frozen configuration: every value the gate runs with. Sources: defaults, gate.yaml, environment, flags. */
import type { Action, Resource } from '../core/labels.ts';

export interface ExtraRouteConfig {
  readonly pattern: string;
  readonly methods: readonly string[];
  readonly resource: Resource;
  readonly action: Action;
  readonly websocket: boolean;
}

/** Durations are milliseconds, sizes bytes. */
export interface GateConfig {
  /** An existing Jupyter Server; undefined starts one of our own. */
  readonly upstream: string | undefined;
  readonly upstreamToken: string | undefined;
  readonly notebookDir: string;
  readonly jupyterUser: string | undefined;
  /** Name of the server behind the gate: Casbin's domain. */
  readonly serverName: string;
  readonly host: string;
  readonly port: number;
  readonly adminHost: string;
  readonly adminPort: number;
  /** Further names of the admin API, exact, some with a port. */
  readonly adminNames: readonly string[];
  /** Origins under which browsers open the gate, e.g. `https://lab.example`; empty: loopback names with the real port. */
  readonly publicUrls: readonly string[];
  /** `/` or `/prefix/`, the same on both sides. */
  readonly baseUrl: string;
  readonly trustedProxies: readonly string[];
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  /** Directory of the gate's own files. */
  readonly data: string;
  /** `sqlite:PATH` or `postgres://…`. */
  readonly database: string;
  /** Path of model.conf, imported when it changes. */
  readonly model: string;
  readonly timezone: string;
  readonly deniedStatus: 401 | 403;
  readonly adminToken: string | undefined;
  readonly allowDefaultAllow: boolean;
  /** What becomes of the kernels of a person whose right to run code ended. */
  readonly onRevoke: 'keep' | 'interrupt' | 'shutdown';
  /** On PostgreSQL: refuse when the policy was not confirmed for this long. */
  readonly strictAge: number;
  /** Undefined keeps the audit for ever. */
  readonly auditRetention: number | undefined;
  readonly decisionRetention: number;
  readonly sessionLifetime: number;
  readonly linkLifetime: number;
  readonly headersTimeout: number;
  readonly upstreamTimeout: number;
  readonly jsonBodyLimit: number;
  readonly maxConnections: number;
  readonly stopTimeout: number;
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  readonly routes: readonly ExtraRouteConfig[];
}

/**
 * The one table of options: name, kind, default, documentation, and whether it is a secret. Flags, environment names,
 * keys of gate.yaml, `--help` and docs/config.md all come from here.
 */
import type { GateConfig } from './config.ts';
import { databaseUrl } from './database-url.ts';
import { extraRoutes } from './extra-routes.ts';
import * as kinds from './kinds.ts';
import { NOT_A_FLAG, having, optional } from './option.ts';
import type { Option, Settings, Table } from './option.ts';

/** Defaults that are paths: relative to the working directory, made absolute at load. */
export const RELATIVE_DEFAULTS: readonly (keyof Settings)[] = ['notebookDir', 'data'];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export const OPTIONS: Table = {
  config: optional({
    name: 'config',
    kind: kinds.path,
    doc: 'The file with options; relative paths inside start from its directory.',
    places: ['flag', 'environment'],
    fallbackText: '`gate.yaml`, when it is there',
  }),

  // what stands behind the gate
  upstream: optional({
    name: 'upstream',
    kind: kinds.serverUrl,
    doc: 'An existing Jupyter Server to stand in front of.',
    fallbackText: 'one of our own is started',
  }),
  upstreamToken: optional({
    name: 'upstream-token',
    kind: kinds.token,
    doc: 'Its token. As a flag it shows in the process list: prefer the file or the environment.',
    secret: true,
  }),
  upstreamTokenFile: optional({
    name: 'upstream-token-file',
    kind: kinds.path,
    doc: 'A file that holds its token and nothing else.',
  }),
  notebookDir: having({
    name: 'notebook-dir',
    kind: kinds.path,
    fallback: 'notebooks',
    doc: 'The directory that our own Jupyter Server serves; created with a welcome notebook.',
  }),
  jupyterUser: optional({
    name: 'jupyter-user',
    kind: { ...kinds.text, placeholder: 'ACCOUNT', expected: 'an account of this system' },
    doc: 'The account our own Jupyter Server and its kernels run under; needs a gate started as root.',
    fallbackText: "the gate's own account",
  }),
  serverName: having({
    name: 'server-name',
    kind: kinds.serverLabel,
    fallback: 'default',
    doc: 'The name of the server in rules and grants.',
  }),
  routes: having({
    name: 'routes',
    kind: extraRoutes,
    fallback: [],
    doc: 'Addresses of Jupyter extensions that the gate does not know; see below.',
    places: ['file'],
    fallbackText: 'none',
  }),

  // where the gate listens
  host: having({
    name: 'host',
    kind: kinds.hostName,
    fallback: '127.0.0.1',
    doc: 'The address people reach.',
  }),
  port: having({ name: 'port', kind: kinds.port, fallback: 8000, doc: 'The port people reach.' }),
  adminHost: having({
    name: 'admin-host',
    kind: kinds.hostName,
    fallback: '127.0.0.1',
    doc: 'The address of the admin API.',
  }),
  adminPort: having({
    name: 'admin-port',
    kind: kinds.port,
    fallback: 8001,
    doc: 'The port of the admin API.',
  }),
  adminNames: having({
    name: 'admin-name',
    kind: kinds.listOf(kinds.authority),
    fallback: [],
    doc: "Another name the admin API is reached by, such as a service's in a cluster; with `:PORT` where clients use another port. Repeat it for several.",
    fallbackText: 'its own address and the loopback names',
  }),
  publicUrls: having({
    name: 'public-url',
    kind: kinds.listOf(kinds.origin),
    fallback: [],
    doc: 'Origins under which browsers open the gate; any other is refused. Repeat it for several.',
    fallbackText: 'the loopback names with the port',
  }),
  baseUrl: having({
    name: 'base-url',
    kind: kinds.basePath,
    fallback: '/',
    doc: 'The path below which everything lies, the same on both sides of the gate.',
  }),
  trustedProxies: having({
    name: 'trusted-proxies',
    kind: kinds.listOf(kinds.addressRange),
    fallback: [],
    doc: 'Proxies in front of the gate whose forwarding headers are believed. Repeat it for several.',
    fallbackText: 'none',
  }),
  tlsCert: optional({
    name: 'tls-cert',
    kind: kinds.path,
    doc: 'Certificate chain in PEM form; together with `tls-key`.',
    fallbackText: 'no TLS',
  }),
  tlsKey: optional({ name: 'tls-key', kind: kinds.path, doc: 'Private key in PEM form.' }),

  // what it keeps and decides by
  data: having({
    name: 'data',
    kind: kinds.path,
    fallback: '.jupyter-gate',
    doc: "The gate's own directory; never inside the notebook directory.",
  }),
  database: optional({
    name: 'database',
    kind: databaseUrl,
    doc: 'Where users, roles, rules and the record are kept. A password in it belongs into the environment or the file.',
    fallbackText: '`sqlite:DATA/gate.sqlite`',
  }),
  model: optional({
    name: 'model',
    kind: kinds.path,
    doc: 'The Casbin model, imported when it changes.',
    fallbackText: '`model.conf` when it is there, else the one of the package',
  }),
  timezone: having({
    name: 'timezone',
    kind: kinds.timeZone,
    fallback: systemZone(),
    doc: 'The time zone of times of day in conditions.',
    fallbackText: "the system's",
  }),
  adminToken: optional({
    name: 'admin-token',
    kind: kinds.token,
    doc: 'The token of `gate:root` on the admin API, at least 16 characters.',
    secret: true,
    places: NOT_A_FLAG,
    fallbackText: 'made at first start, in `DATA/admin.token`',
  }),
  adminTokenFile: optional({
    name: 'admin-token-file',
    kind: kinds.path,
    doc: 'A file that holds that token and nothing else.',
  }),
  deniedStatus: having<401 | 403>({
    name: 'denied-status',
    kind: kinds.choice([401, 403] as const),
    fallback: 403,
    doc: 'The status of a refusal by the policy; checkpoints stay 403.',
  }),
  allowDefaultAllow: having({
    name: 'allow-default-allow',
    kind: kinds.flagOnly,
    fallback: false,
    doc: 'Accept models whose effect allows what no rule allows.',
  }),
  onRevoke: having({
    name: 'on-revoke',
    kind: kinds.choice(['keep', 'interrupt', 'shutdown'] as const),
    fallback: 'keep' as const,
    doc: 'What becomes of the kernels of a person whose right to run code ended.',
  }),
  strictAge: having({
    name: 'strict-age',
    kind: kinds.duration,
    fallback: 30_000,
    doc: 'On PostgreSQL: refuse everything when the policy could not be confirmed for this long.',
  }),

  // what it keeps, and for how long
  auditRetention: optional({
    name: 'audit-retention',
    kind: kinds.duration,
    doc: 'How long the audit is kept; cut at a checkpoint once a day, and still verifiable.',
    fallbackText: 'for ever',
  }),
  decisionRetention: having({
    name: 'decision-retention',
    kind: kinds.duration,
    fallback: 7_776_000_000,
    doc: 'How long the decision log is kept.',
  }),

  // limits
  sessionLifetime: having({
    name: 'session-lifetime',
    kind: kinds.duration,
    fallback: 43_200_000,
    doc: 'How long a sign-in lasts.',
  }),
  linkLifetime: having({
    name: 'link-lifetime',
    kind: kinds.duration,
    fallback: 3_600_000,
    doc: 'How long a one-time sign-in link can be used.',
  }),
  headersTimeout: having({
    name: 'headers-timeout',
    kind: kinds.duration,
    fallback: 30_000,
    doc: 'How long a client may take to send its headers.',
  }),
  upstreamTimeout: having({
    name: 'upstream-timeout',
    kind: kinds.duration,
    fallback: 300_000,
    doc: 'How long Jupyter may take to begin its answer; the answer itself may take as long as it likes.',
  }),
  jsonBodyLimit: having({
    name: 'json-body-limit',
    kind: kinds.size,
    fallback: 104_857_600,
    doc: 'The largest JSON body the gate reads to decide; a notebook is saved in one.',
  }),
  maxConnections: having({
    name: 'max-connections',
    kind: kinds.whole(1, 1_000_000, 'a number from 1 to 1000000'),
    fallback: 4096,
    doc: 'Connections held at once.',
  }),
  stopTimeout: having({
    name: 'stop-timeout',
    kind: kinds.duration,
    fallback: 10_000,
    doc: 'How long requests under way may take when the gate stops.',
  }),
  logLevel: having<GateConfig['logLevel']>({
    name: 'log-level',
    kind: kinds.choice(LOG_LEVELS),
    fallback: 'info',
    doc: 'The least important lines that are logged.',
  }),
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Table has exactly these keys; Object.keys cannot say so
export const OPTION_KEYS = Object.keys(OPTIONS) as readonly (keyof Settings)[];

/** `JUPYTER_GATE_` and the flag in capitals. */
export function environmentName(row: Pick<Option, 'name'>): string {
  return `JUPYTER_GATE_${row.name.toUpperCase().replaceAll('-', '_')}`;
}

function systemZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The configuration of a gate inside another application: what it passes; no file, flag or environment is read. */
import { resolve } from 'node:path';
import type { FieldProblem } from '../core/errors.ts';
import type { ExtraRouteConfig, GateConfig } from './config.ts';
import { readFromDisk, settleConfig } from './load-config.ts';
import type { Settings } from './option.ts';
import { unknownName } from './problem.ts';
import type { Written } from './problem.ts';
import { nearest } from './suggest.ts';

/** Durations and sizes are written as in gate.yaml: `90s`, `12h`, `64mb`. Relative paths start from the working directory. */
export interface GivenOptions {
  /** The gate's own directory, with mode 0700; never inside the notebook directory. */
  readonly data: string;
  /** Origins under which browsers open the application, e.g. `https://lab.example`; any other is refused. */
  readonly publicUrls: readonly string[];
  /** Where the gate is mounted, `/` or `/prefix/`; also the `base_url` of the Jupyter Server. Default `/`. */
  readonly basePath?: string;
  /** A Jupyter Server that is running; without it one is started in `notebookDir`. */
  readonly upstream?: { readonly url: string; readonly token?: string };
  /** What our own Jupyter Server serves; default `notebooks`. */
  readonly notebookDir?: string;
  /** The account our own Jupyter Server runs under; needs root. */
  readonly jupyterUser?: string;
  /** Name of the server in rules and grants; default `default`. */
  readonly serverName?: string;
  /** `sqlite:PATH` or `postgres://…`; default `sqlite:` in `data`. */
  readonly database?: string;
  /** Path of a Casbin model, imported when it changes; default: `model.conf` of the working directory, else of the package. */
  readonly model?: string;
  /** Addresses of Jupyter extensions that the gate does not know. */
  readonly routes?: readonly Partial<ExtraRouteConfig>[];
  /** Addresses or CIDR ranges of proxies whose forwarding headers are believed. */
  readonly trustedProxies?: readonly string[];
  /** Time zone of times of day in conditions; default the system's. */
  readonly timezone?: string;
  readonly deniedStatus?: 401 | 403;
  readonly allowDefaultAllow?: boolean;
  /** Default `30s`. */
  readonly strictAge?: string;
  /** Default `12h`. */
  readonly sessionLifetime?: string;
  /** Default `1h`. */
  readonly linkLifetime?: string;
  /** How long Jupyter may take to begin its answer; default `5m`. */
  readonly upstreamTimeout?: string;
  /** Largest JSON body that is read to decide; default `100mb`. */
  readonly jsonBodyLimit?: string;
  /** How long requests under way may take at `close()`; default `10s`. */
  readonly stopTimeout?: string;
  /** Opens the admin API there; 0 takes a free port. Without it there is none. */
  readonly adminPort?: number;
  /** Default `127.0.0.1`. */
  readonly adminHost?: string;
  /** Further names the admin API is reached by, e.g. `gate-admin.lab.svc:80`. */
  readonly adminNames?: readonly string[];
  /** Token of `gate:root`; made in `data` when left out. */
  readonly adminToken?: string;
}

const KEYS: Readonly<Record<Exclude<keyof GivenOptions, 'upstream'>, keyof Settings>> = {
  data: 'data',
  publicUrls: 'publicUrls',
  basePath: 'baseUrl',
  notebookDir: 'notebookDir',
  jupyterUser: 'jupyterUser',
  serverName: 'serverName',
  database: 'database',
  model: 'model',
  routes: 'routes',
  trustedProxies: 'trustedProxies',
  timezone: 'timezone',
  deniedStatus: 'deniedStatus',
  allowDefaultAllow: 'allowDefaultAllow',
  strictAge: 'strictAge',
  sessionLifetime: 'sessionLifetime',
  linkLifetime: 'linkLifetime',
  upstreamTimeout: 'upstreamTimeout',
  jsonBodyLimit: 'jsonBodyLimit',
  stopTimeout: 'stopTimeout',
  adminPort: 'adminPort',
  adminHost: 'adminHost',
  adminNames: 'adminNames',
  adminToken: 'adminToken',
};

/** Throws `CONFIG_INVALID` with one problem for each option that is unknown, missing or wrong. */
export function givenConfig(options: GivenOptions, workingDirectory: string): GateConfig {
  const cwd = resolve(workingDirectory);
  const { upstream, ...rest } = options;
  // The application listens, so no port of ours can be the admin API's.
  const written: Written[] = [{ key: 'port', value: 0, source: 'port', base: cwd }];
  const problems: FieldProblem[] = [];
  const write = (key: keyof Settings, source: string, value: unknown): void => {
    if (value !== undefined) written.push({ key, value, source, base: cwd });
  };
  for (const [name, value] of Object.entries(rest)) {
    if (isName(name)) write(KEYS[name], name, value);
    else problems.push(unknownName(name, name, nearest(name, Object.keys(KEYS))));
  }
  write('upstream', 'upstream.url', upstream?.url);
  write('upstreamToken', 'upstream.token', upstream?.token);
  problems.push(...missing(options));
  return settleConfig({
    written: new Map(written.map((one) => [one.key, one])),
    problems,
    cwd,
    readFile: readFromDisk,
    configFile: undefined,
  });
}

function isName(name: string): name is keyof typeof KEYS {
  return Object.hasOwn(KEYS, name);
}

/** Without these an application would write into a directory it did not choose, or answer under no name at all. */
function missing({ data, publicUrls }: Partial<GivenOptions>): readonly FieldProblem[] {
  return [
    ...(data === undefined ? [{ at: 'data', message: 'expected a directory, received nothing' }] : []),
    ...(publicUrls === undefined || publicUrls.length === 0
      ? [{ at: 'publicUrls', message: 'expected at least one origin, received none' }]
      : []),
  ];
}

/** Environment: `JUPYTER_GATE_…`. What Kubernetes puts there for a service named like the gate is not ours. */
import { OPTIONS, OPTION_KEYS, environmentName } from './options.ts';
import { unknownName } from './problem.ts';
import type { Written } from './problem.ts';
import type { SourceResult } from './read-flags.ts';
import { nearest } from './suggest.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const PREFIX = 'JUPYTER_GATE_';
// Kubernetes: for each service of the namespace NAME_SERVICE_HOST, NAME_SERVICE_PORT…, NAME_PORT=tcp://… and NAME_PORT_8000_TCP…
const SERVICE_NAME = /_SERVICE_(HOST|PORT(_[A-Z0-9_]+)?)$|_PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?$/;
const SERVICE_VALUE = /^(tcp|udp|sctp):\/\//;

/** What the environment says; an empty value counts as not set. */
export function readEnvironment(env: Environment, cwd: string): SourceResult {
  const keys = OPTION_KEYS.filter((key) => OPTIONS[key].places.includes('environment'));
  const byName = new Map(keys.map((key) => [environmentName(OPTIONS[key]), key]));
  const written: Written[] = [];
  const problems = [];
  for (const [name, value] of Object.entries(env)) {
    if (!name.startsWith(PREFIX) || value === undefined || value === '' || isKubernetes(name, value))
      continue;
    const key = byName.get(name);
    if (key === undefined) problems.push(unknownName(name, name, nearest(name, [...byName.keys()])));
    else written.push({ key, value, source: name, base: cwd });
  }
  return { written, problems };
}

function isKubernetes(name: string, value: string): boolean {
  return SERVICE_NAME.test(name) || (name.endsWith('_PORT') && SERVICE_VALUE.test(value));
}

/** Actions and resource labels: the two closed vocabularies every rule is written in (docs/policy.md). */

export const ACTIONS = ['read', 'write', 'execute'] as const;
export type Action = (typeof ACTIONS)[number];

/** Labels of what a Jupyter Server serves. */
export const JUPYTER_RESOURCES = [
  'contents',
  'checkpoints',
  'trust',
  'files',
  'kernels',
  'channels',
  'kernelspecs',
  'sessions',
  'terminals',
  'nbconvert',
  'config',
  'settings',
  'workspaces',
  'events',
  'api',
  'static',
  'pages',
  'lsp',
  'collaboration',
  'server',
  'extensions',
  'proxy',
  'git',
] as const;

/** Labels of the gate's own administration; `*` in a rule never matches one of these. */
export const GATE_RESOURCES = [
  'gate:users',
  'gate:tokens',
  'gate:roles',
  'gate:grants',
  'gate:rules',
  'gate:model',
  'gate:presets',
  'gate:decisions',
  'gate:connections',
  'gate:invitations',
  'gate:requests',
  'gate:audit',
] as const;

export type JupyterResource = (typeof JUPYTER_RESOURCES)[number];
export type GateResource = (typeof GATE_RESOURCES)[number];
export type Resource = JupyterResource | GateResource;

export const RESOURCES: readonly Resource[] = [...JUPYTER_RESOURCES, ...GATE_RESOURCES];

/** Whether `value` is one of the three actions. */
export function isAction(value: string): value is Action {
  return (ACTIONS as readonly string[]).includes(value);
}

/** Whether `resource` is served by Jupyter, as opposed to the gate's own administration. */
export function isJupyterResource(resource: Resource): resource is JupyterResource {
  return (JUPYTER_RESOURCES as readonly string[]).includes(resource);
}

/** Whether `value` is a known resource label. */
export function isResource(value: string): value is Resource {
  return (RESOURCES as readonly string[]).includes(value);
}

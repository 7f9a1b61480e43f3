/** A real Jupyter Server full of canaries, a gate before it, ada with her few rights, and bob, who runs something. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startGate } from '../../support/running-gate.ts';
import type { RunningGate } from '../../support/running-gate.ts';
import { startTokenJupyter } from '../../support/token-jupyter.ts';
import type { TokenJupyter } from '../../support/token-jupyter.ts';
import { createCanaries } from './canaries.ts';
import type { Canaries } from './canaries.ts';
import { createJudge } from './judge.ts';
import type { Judge } from './judge.ts';
import type { Door, Names } from './wire.ts';
import { makeWorld } from './world.ts';

/** Which Jupyter Server. */
export interface Server {
  /** Absolute path of `jupyter`. */
  readonly command: string;
  readonly version: string;
  readonly part: 'lab' | 'server';
}

export interface Stage {
  /** Through the gate, as ada. */
  readonly gate: Door;
  /** Straight to Jupyter, with its token. */
  readonly past: Door;
  readonly names: Names;
  readonly judge: Judge;
  /** Whether Jupyter still answers. */
  alive(): Promise<boolean>;
  /** `trusted` of the cells of the notebooks that ada may not sign. */
  trusted(): Promise<readonly unknown[]>;
  stop(): Promise<void>;
}

const RULES = [
  { act: 'read', res: 'contents|checkpoints|files|nbconvert', path: '/pub/**' },
  { act: 'write', res: 'contents|checkpoints|trust', path: '/pub/{user}/**' },
  // All that a viewer may beside files, so that as many addresses as possible lead further than a refusal.
  { act: 'read', res: 'pages|static|api|kernelspecs|lsp|extensions|events', path: '**' },
  { act: 'read|write', res: 'settings|workspaces|config', path: '**' },
  { act: 'read', res: 'kernels|sessions|terminals', path: '**', cond: "r.own == '' || r.own == r.sub" },
];

export async function openStage({ command, part }: Server): Promise<Stage> {
  const canaries = createCanaries();
  const token = canaries.hatch('the token of the server');
  const prefix = `${canaries.hatch('the home of the server')}-`;
  const flags = ['--KernelManager.shutdown_wait_time=0.2'];
  const jupyter = await startTokenJupyter(token, { command, part, prefix, flags });
  let gate: RunningGate | undefined;
  const stop = async (): Promise<void> => {
    await gate?.stop();
    await jupyter.stop();
  };
  try {
    await addKernelspecs(jupyter, canaries, command);
    await addWorkspace(jupyter, canaries, part);
    const secret = join(jupyter.home, 'runtime', 'gate.token');
    await writeFile(secret, token, { mode: 0o600 });
    gate = await startGate('--upstream', jupyter.origin, '--upstream-token-file', secret);
    const names = await startBobs(gate, canaries);
    const ada = await gate.person('ada');
    for (const rule of RULES) await made(gate.admin('POST', '/rules', { fields: { sub: 'ada', ...rule } }));
    const world = await makeWorld(jupyter, canaries);
    return {
      gate: door(gate.url, `Authorization: Bearer ${ada}`),
      past: door(jupyter.origin, `Authorization: token ${token}`),
      names,
      judge: await createJudge(jupyter, world, canaries),
      alive: async () => (await jupyter.fetch('GET', '/api/status')).ok,
      trusted: () => trusted(jupyter),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

function door(origin: string, credential: string): Door {
  const { hostname, port } = new URL(origin);
  return { host: hostname, port: Number(port), credential };
}

/** What is started by chance sleeps, which costs next to nothing; bob's kernel is a real one. */
async function addKernelspecs(jupyter: TokenJupyter, canaries: Canaries, command: string): Promise<void> {
  const python = join(dirname(command), 'python3');
  const add = async (name: string, argv: readonly string[]): Promise<void> => {
    const directory = join(jupyter.home, 'data', 'kernels', name);
    await mkdir(directory, { recursive: true });
    const env = { SECRET: canaries.hatch(`the environment of kernel ${name}`) };
    const spec = { argv, env, display_name: name, language: 'python' };
    await writeFile(join(directory, 'kernel.json'), JSON.stringify(spec));
  };
  await add('python3', ['sleep', '86400']);
  await add('bobs', [python, '-m', 'ipykernel_launcher', '-f', '{connection_file}']);
}

/** What Jupyter keeps for everybody and the gate keeps for each person. */
async function addWorkspace(jupyter: TokenJupyter, canaries: Canaries, part: Server['part']): Promise<void> {
  if (part === 'server') return;
  const workspace = { data: { secret: canaries.hatch('a workspace') }, metadata: { id: 'canary' } };
  const answer = await jupyter.fetch('PUT', '/lab/api/workspaces/canary', workspace);
  if (!answer.ok) throw new Error(`a workspace could not be saved: ${answer.status}`);
}

async function startBobs(gate: RunningGate, canaries: Canaries): Promise<Names> {
  const bob = await gate.person('bob', 'full');
  const path = `priv/${canaries.hatch('the name of a session')}.ipynb`;
  const session = await made(
    gate.as(bob, 'POST', '/api/sessions', { path, name: '', type: 'notebook', kernel: { name: 'bobs' } }),
  );
  const terminal = await made(gate.as(bob, 'POST', '/api/terminals', {}));
  return { session: session.id, kernel: session.kernel.id, terminal: terminal.name };
}

/* oxlint-disable typescript/no-explicit-any -- looks into whatever came back */
async function made(call: Promise<Response | { status: number; body: unknown }>): Promise<any> {
  const answer = await call;
  const body: any = answer instanceof Response ? await answer.json() : answer.body;
  if (answer.status >= 300) throw new Error(`answered ${answer.status}: ${JSON.stringify(body)}`);
  return body;
}
/* oxlint-enable typescript/no-explicit-any */

async function trusted(jupyter: TokenJupyter): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (const path of ['priv/secret.ipynb', 'root.ipynb', 'pub/nb.ipynb']) {
    const answer = await jupyter.fetch('GET', `/api/contents/${path}?content=1`);
    const { content } = (await answer.json()) as {
      content: { cells: readonly { metadata: { trusted?: boolean } }[] };
    };
    found.push(content.cells.map(({ metadata }) => metadata.trusted));
  }
  return found;
}

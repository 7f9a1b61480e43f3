/** What the tests of present stand on: a real store in a temporary file, people with rules of their own, replies. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CanonicalPath } from '../../src/core/canonical-path.ts';
import type { Classified, Presentation } from '../../src/core/classified.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Answer } from '../../src/core/http.ts';
import type { ObjectRegistry } from '../../src/core/objects.ts';
import { createPresenter } from '../../src/present/create-presenter.ts';
import type { Ask, PresentDeps, Reply } from '../../src/present/presentation.ts';
import type { Asker, Presenter } from '../../src/present/presenter.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Store } from '../../src/store/store.ts';

export interface Stage {
  readonly store: Store;
  /** Whose answers can be waited for, also where they are there at once or thrown. */
  readonly presenter: Omit<Presenter, 'rewrite'> & {
    readonly rewrite: (...args: Parameters<Presenter['rewrite']>) => Promise<Answer>;
  };
  readonly deps: PresentDeps;
  close(): Promise<void>;
}

export const TOKEN = 'S3cret/tok+en&x';

/** `ask` answers what the gate looks up itself; by default there is nothing to find. */
export async function openStage(options: Partial<PresentDeps> = {}): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'gate-present-'));
  const store = await openStore({
    database: `sqlite:${join(directory, 'gate.db')}`,
    server: 'default',
    clock: systemClock,
  });
  const ask: Ask = () => Promise.resolve({ status: 404, body: null });
  const deps: PresentDeps = {
    registry: store.objects,
    documents: store.documents,
    shared: { pathOf: () => Promise.resolve(undefined), learnFork: () => undefined },
    ask,
    clock: systemClock,
    upstreamToken: TOKEN,
    baseUrl: '/',
    ...options,
  };
  const close = async (): Promise<void> => {
    await store.close();
    await rm(directory, { recursive: true, force: true });
  };
  const presenter = createPresenter(deps);
  const rewrite: Stage['presenter']['rewrite'] = async (...args) => presenter.rewrite(...args);
  return { store, deps, presenter: { ...presenter, rewrite }, close };
}

export interface Person {
  readonly subject: string;
  /** Rules `res act path`; a path ending in `/**` covers what is below; `-` stands for no path; `*` for anything. */
  readonly rules: readonly string[];
}

/** Someone who asks: own objects always, the rest by rules. */
export function person({ subject, rules }: Person, registry: ObjectRegistry): Asker {
  const parsed = rules.map((rule) => rule.split(' ') as [string, string, string]);
  const may = (res: string, act: string, path: string): boolean =>
    parsed.some(([r, a, p]) => (r === '*' || r === res) && (a === '*' || a === act) && covers(p, path));
  return {
    identity: {
      subject,
      displayName: subject,
      credential: 'session',
      roles: null,
      credentialId: null,
      ambient: true,
      xsrf: null,
      expiresAt: null,
    },
    may: (res, act, path) => Promise.resolve(may(res, act, path)),
    mayObject: (_res, _act, { kind, id }) =>
      Promise.resolve(
        registry.lookup(kind, id)?.owner === subject || parsed.some((rule) => rule.join(' ') === '* * *'),
      ),
    mayAnywhere: (res, act) =>
      Promise.resolve(parsed.some(([r, a]) => (r === '*' || r === res) && (a === '*' || a === act))),
    leads: (path) =>
      Promise.resolve(
        parsed.some(([r, , p]) => r === 'contents' && p.startsWith(path === '/' ? '/' : `${path}/`)),
      ),
  };
}

function covers(pattern: string, path: string): boolean {
  if (pattern === '*') return true;
  if (pattern === '-') return path === '';
  if (!pattern.endsWith('/**')) return pattern === path;
  const base = pattern.slice(0, -3);
  return path === base || path.startsWith(`${base}/`);
}

/** What classify would have said. */
export function classified(presentation: Presentation, more: Partial<Classified> = {}): Classified {
  const resource = more.resource ?? 'api';
  const action = more.action ?? 'read';
  return {
    route: 'test',
    resource,
    action,
    questions: [{ res: resource, act: action, path: '' }],
    target: '/',
    body: undefined,
    presentation,
    socket: undefined,
    object: undefined,
    document: undefined,
    params: {},
    subtree: undefined,
    path: '',
    input: undefined,
    ...more,
  };
}

/** A reply of the Jupyter Server. Objects are written as Python does, with a space after `,` and `:`. */
export function reply(body: unknown, more: Partial<Omit<Reply, 'body'>> = {}): Reply {
  const text = typeof body === 'string' ? body : pythonJson(body);
  const headers = { 'content-type': 'application/json', etag: '"x"', 'content-length': String(text.length) };
  return { status: more.status ?? 200, headers: { ...headers, ...more.headers }, body: Buffer.from(text) };
}

export function pythonJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(
    ([name, field]) => `${JSON.stringify(name)}: ${pythonJson(field)}`,
  );
  return `{${fields.join(', ')}}`;
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- tests say what shape they look at
export function jsonOf<T>(answer: Answer): T {
  return JSON.parse(answer.body.toString()) as T;
}

export function at(path: string): CanonicalPath {
  return path as CanonicalPath;
}

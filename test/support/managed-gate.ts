/** Everything behind the admin API on a fresh SQLite file: real store, real decider, the one writer. */
import { rmSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hashSecret } from '../../src/authenticate/secrets.ts';
import { loadPresets } from '../../src/decide/presets.ts';
import { createDecider } from '../../src/decide/create-decider.ts';
import type { Question } from '../../src/core/question.ts';
import type { Verdict } from '../../src/core/verdict.ts';
import type { Actor } from '../../src/manage/actor.ts';
import { createLastAdminCheck } from '../../src/manage/check-last-admin.ts';
import { firstStart } from '../../src/manage/first-start.ts';
import type { Management } from '../../src/manage/management.ts';
import { createOwnRightsCheck } from '../../src/manage/own-rights.ts';
import { createPolicyWriter } from '../../src/manage/policy-writer.ts';
import { openStore } from '../../src/store/open-store.ts';

export const ADMIN_TOKEN = 'jg_the-token-of-root-in-tests';
export const ADMIN_TOKEN_HASH = hashSecret(ADMIN_TOKEN);
export const MODEL_PATH = new URL('../../model.conf', import.meta.url);

const PRESETS = fileURLToPath(new URL('../../presets', import.meta.url));

export interface ManagedGate {
  readonly management: Management;
  readonly root: Actor;
  /** Moves with `tick`; starts at a fixed instant. */
  readonly clock: { now(): number; tick(milliseconds: number): void };
  /** How often authenticate was told to forget. */
  readonly forgotten: () => number;
  readonly dir: string;
  readonly database: string;
  decide(sub: string, act: Question['act'], res: Question['res'], path?: string): Verdict;
  revision(): Promise<number>;
  close(): Promise<void>;
}

export const START = Date.parse('2026-11-22T10:00:00Z');

/** With `empty`, nothing is stored yet; with `postgres` (a URL), what is there already; otherwise as after the first start. */
export async function openManagedGate(
  options: { readonly empty?: boolean; readonly postgres?: string; readonly onForget?: () => void } = {},
): Promise<ManagedGate> {
  const dir = await mkdtemp(join(tmpdir(), 'gate-manage-'));
  const database = join(dir, 'gate.db');
  if (options.empty !== true && options.postgres === undefined)
    await copyFile(await startedDatabase(), database);
  const clock = movableClock();
  const store = await openStore({
    database: options.postgres ?? `sqlite:${database}`,
    server: 'default',
    clock,
  });
  const decider = createDecider({ clock }, { allowDefaultAllow: false });
  let forgotten = 0;
  const forget = (): void => {
    forgotten += 1;
    options.onForget?.();
  };
  const localTime = (): string => new Date(clock.now()).toISOString();
  const base = { store, decider, clock, serverName: 'default', localTime };
  const checks = [createLastAdminCheck(base), createOwnRightsCheck(base)];
  const writer = createPolicyWriter({ store, decider, clock, forget, checks });
  const management: Management = {
    ...base,
    writer,
    presets: loadPresets(PRESETS),
    hashPassword: async (password) => hashSecret(password),
  };
  const document = await store.read.policy();
  if (document !== undefined) decider.swap(await decider.build(document));
  return {
    management,
    root: { subject: 'gate:root', roles: null, address: '127.0.0.1' },
    clock,
    forgotten: () => forgotten,
    dir,
    database,
    decide: (sub, act, res, path = '') =>
      decider.current.decide(questionOf({ sub, act, res, path }, localTime())),
    revision: async () => (await store.read.state.counters()).revision,
    async close() {
      await store.close();
      await rm(dir, { recursive: true });
    },
  };
}

let started: Promise<string> | undefined;

/** A database as the first start leaves it, made once for all tests: migrations and presets take a while. */
function startedDatabase(): Promise<string> {
  started ??= makeStartedDatabase();
  return started;
}

async function makeStartedDatabase(): Promise<string> {
  const gate = await openManagedGate({ empty: true });
  await firstStart(gate.management, await readFile(MODEL_PATH, 'utf8'));
  const copy = join(await mkdtemp(join(tmpdir(), 'gate-started-')), 'gate.db');
  await gate.management.store.close();
  await copyFile(gate.database, copy);
  await rm(gate.dir, { recursive: true });
  process.once('exit', () => rmSync(dirname(copy), { recursive: true, force: true }));
  return copy;
}

function movableClock(): ManagedGate['clock'] {
  let now = START;
  return {
    now: () => now,
    tick(milliseconds) {
      now += milliseconds;
    },
  };
}

function questionOf(
  asked: { sub: string; act: Question['act']; res: Question['res']; path: string },
  time: string,
): Question {
  return {
    ...asked,
    path: asked.path as Question['path'],
    srv: 'default',
    own: '',
    msg: '',
    cell: '',
    ip: '127.0.0.1',
    time,
  };
}

/** Waits for a refusal and gives its code, or what was answered instead. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'no refusal';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

/** Databases filled before a gate opens them, past the API: a hundred thousand calls would measure the filling. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { hashSecret } from '../../src/authenticate/secrets.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { GrantRecord, RuleRecord } from '../../src/core/policy.ts';
import { FILE_HASH } from '../../src/manage/model/import-model-file.ts';
import { modelHash } from '../../src/manage/model/model-edit.ts';
import { openStore } from '../../src/store/open-store.ts';
import type { Repositories } from '../../src/store/store.ts';
import { DEFAULT_MODEL, grant, rule } from '../../test/support/decide-policy.ts';

export interface SeededUser {
  readonly name: string;
  /** An API token for the proxy. */
  readonly token?: string;
}

export interface Seed {
  readonly rules?: readonly RuleRecord[];
  readonly grants?: readonly GrantRecord[];
  /** Beside those of the gate itself; a rule or grant may name others, the API may not. */
  readonly roles?: readonly string[];
  readonly users?: readonly SeededUser[];
  readonly kernels?: readonly { readonly id: string; readonly owner: string }[];
}

/** File name of a gate's database in its data directory. */
export const DATABASE = 'gate.sqlite';
const MADE = { createdAt: 0, createdBy: 'bench' };
const ALL = { srv: '*', act: '*', path: '**', cond: 'true', eft: 'allow' };
/** As after a first start: somebody who may do everything Jupyter does, and administer. */
const OWN_RULES = [
  rule(0, { ...ALL, sub: 'role:full', res: '*', cond: "r.own == '' || r.own == r.sub || r.own == '?'" }),
  rule(0, { ...ALL, sub: 'role:admin', res: 'gate:*' }),
  rule(0, { ...ALL, sub: 'role:watcher', res: '*', act: 'read' }),
];
const OWN_GRANTS = ['role:full', 'role:admin'].map((role) => grant(0, 'admin', role));

/** Fills the database of a gate whose data directory is `directory`; nothing may be there yet. */
export async function seedDatabase(directory: string, seed: Seed): Promise<void> {
  const { rules = [], grants = [], roles = [], users = [], kernels = [] } = seed;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const store = await openStore({
    database: `sqlite:${join(directory, DATABASE)}`,
    server: 'default',
    clock: systemClock,
  });
  await store.transaction(async (tx) => {
    await tx.models.insert({ text: DEFAULT_MODEL, hash: modelHash(DEFAULT_MODEL), source: 'file', ...MADE });
    await tx.state.setValue(FILE_HASH, modelHash(DEFAULT_MODEL));
    await tx.rules.insertMany([...OWN_RULES, ...rules].map(({ id: _id, ...fields }) => fields));
    await tx.grants.insertMany([...OWN_GRANTS, ...grants].map(({ id: _id, ...fields }) => fields));
    for (const name of ['role:full', 'role:admin', 'role:watcher', ...roles])
      await tx.roles.upsert({ name, description: '', preset: null, createdAt: 0 });
    for (const user of [{ name: 'admin' }, ...users]) await addUser(tx, user);
    await tx.state.bumpRevision();
  });
  for (const { id, owner } of kernels)
    await store.objects.record({ kind: 'kernel', id, owner, path: '', kernelId: null });
  await store.close();
}

async function addUser(tx: Repositories, { name, token }: SeededUser): Promise<void> {
  const account = { displayName: name, active: true, passwordHash: null, createdAt: 0, removedAt: null };
  await tx.users.insert({ name, ...account });
  if (token === undefined) return;
  await tx.tokens.insert({
    id: `token-${name}`,
    user: name,
    hash: hashSecret(token),
    note: '',
    audience: 'proxy',
    roles: null,
    createdAt: 0,
    expiresAt: null,
    revokedAt: null,
  });
}

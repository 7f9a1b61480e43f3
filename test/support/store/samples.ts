/** Rows for store tests; each test changes what it is about. */
import type { DecisionEntry } from '../../../src/core/entry.ts';
import type { GrantRecord, ModelRecord, RuleRecord } from '../../../src/core/policy.ts';
import type { SessionRecord, TokenRecord, UserRecord } from '../../../src/store/store.ts';

/** An instant beyond 2^31 seconds, so that a narrow integer column would show. */
export const NOW = 4_102_444_800_123;

export function aUser(name: string, change: Partial<UserRecord> = {}): UserRecord {
  return {
    name,
    displayName: name.toUpperCase(),
    active: true,
    passwordHash: null,
    createdAt: NOW,
    removedAt: null,
    ...change,
  };
}

export function aToken(id: string, change: Partial<TokenRecord> = {}): TokenRecord {
  return {
    id,
    user: 'ada',
    hash: `hash-of-${id}`,
    note: '',
    audience: 'proxy',
    roles: null,
    createdAt: NOW,
    expiresAt: null,
    revokedAt: null,
    ...change,
  };
}

export function aSession(hash: string, change: Partial<SessionRecord> = {}): SessionRecord {
  return {
    hash,
    id: `id-of-${hash}`,
    user: 'ada',
    createdAt: NOW,
    expiresAt: NOW + 1000,
    address: '::1',
    tokenId: null,
    ...change,
  };
}

export function aRule(fields: Record<string, string>, preset: string | null = null): Omit<RuleRecord, 'id'> {
  return { fields, preset, createdAt: NOW, createdBy: 'admin' };
}

export function aGrant(
  subject: string,
  role: string,
  change: Partial<GrantRecord> = {},
): Omit<GrantRecord, 'id'> {
  return {
    subject,
    role,
    server: '*',
    startsAt: null,
    expiresAt: null,
    createdAt: NOW,
    createdBy: 'admin',
    ...change,
  };
}

export function aModel(text: string): Omit<ModelRecord, 'version'> {
  return { text, hash: `hash of ${text}`, source: 'file', createdAt: NOW, createdBy: 'gate:root' };
}

export function aDecision(id: string, change: Partial<DecisionEntry> = {}): DecisionEntry {
  return {
    id,
    at: NOW,
    subject: 'ada',
    credential: 'session',
    address: '::1',
    method: 'GET',
    route: 'contents.read',
    res: 'contents',
    act: 'read',
    path: '/a "b" ünï.ipynb',
    own: '',
    also: ['read contents /b'],
    code: 'ALLOWED',
    rules: [1, 2],
    revision: 7,
    status: 200,
    bytes: 5_000_000_000,
    durationMs: 1.5,
    ...change,
  };
}

/** Policies, questions and a clock for the tests of decide. */
import { readFileSync } from 'node:fs';
import { createDecider } from '../../src/decide/create-decider.ts';
import { canonicalPath } from '../../src/core/canonical-path.ts';
import type { Snapshot } from '../../src/decide/decider.ts';
import type { Question } from '../../src/core/question.ts';
import type { GrantRecord, PolicyDocument, RuleRecord } from '../../src/core/policy.ts';

export const PROJECT = new URL('../../', import.meta.url);
export const DEFAULT_MODEL = readFileSync(new URL('model.conf', PROJECT), 'utf8');

/** A clock that stands where it is put. */
export function settableClock(start = Date.parse('2026-03-02T09:15:30Z')) {
  const clock = { at: start, now: () => clock.at };
  return clock;
}

export function rule(id: number, fields: Record<string, string>): RuleRecord {
  return { id, fields, preset: null, createdAt: 0, createdBy: 'test' };
}

export function grant(
  id: number,
  subject: string,
  role: string,
  more: Partial<GrantRecord> = {},
): GrantRecord {
  return {
    id,
    subject,
    role,
    server: '*',
    startsAt: null,
    expiresAt: null,
    createdAt: 0,
    createdBy: 'test',
    ...more,
  };
}

export function policy(parts: {
  model?: string;
  rules?: RuleRecord[];
  grants?: GrantRecord[];
  revision?: number;
}): PolicyDocument {
  const text = parts.model ?? DEFAULT_MODEL;
  const model = { version: 1, text, hash: '', source: 'file', createdAt: 0, createdBy: 'test' };
  return { revision: parts.revision ?? 1, model, rules: parts.rules ?? [], grants: parts.grants ?? [] };
}

export function question(more: Partial<Record<keyof Question, string>> = {}): Question {
  const asked = {
    sub: 'alice',
    srv: 'default',
    res: 'contents',
    act: 'read',
    path: '/pub/a.ipynb',
    own: '',
    msg: '',
    cell: '',
    ip: '10.1.2.3',
    time: '2026-03-02T10:15:30+01:00',
    ...more,
  };
  return { ...asked, path: asked.path === '' ? '' : canonicalPath(asked.path) } as Question;
}

export async function snapshot(
  parts: Parameters<typeof policy>[0],
  options: { clock?: { now(): number }; allowDefaultAllow?: boolean } = {},
): Promise<Snapshot> {
  const { clock = settableClock(), allowDefaultAllow = false } = options;
  return createDecider({ clock }, { allowDefaultAllow }).build(policy(parts));
}

/** The model with these definitions, in the shape of the default one. */
export function modelText(parts: { r?: string; p?: string; g?: string; e?: string; m?: string }): string {
  const {
    r = 'sub, srv, res, act, path, own, msg, cell, ip, time',
    p = 'sub, srv, res, act, path, cond, eft',
    g = '_, _, _',
    e = 'some(where (p.eft == allow)) && !some(where (p.eft == deny))',
    m = 'g(r.sub, p.sub, r.srv) && labelMatch(r.srv, p.srv) && labelMatch(r.res, p.res) && labelMatch(r.act, p.act) && pathMatch(r.path, p.path, r.sub) && eval(p.cond)',
  } = parts;
  const roles = g === '' ? [] : ['[role_definition]', `g = ${g}`];
  return [
    '[request_definition]',
    `r = ${r}`,
    '[policy_definition]',
    `p = ${p}`,
    ...roles,
    '[policy_effect]',
    `e = ${e}`,
    '[matchers]',
    `m = ${m}`,
    '',
  ].join('\n');
}

/** The error `work` ends in; fails when it does not. */
export async function failure(
  work: () => unknown,
): Promise<{ code: string; detail: string | undefined; problems: { at: string; message: string }[] }> {
  try {
    await work();
  } catch (error) {
    return error as never;
  }
  throw new Error('expected an error, but there was none');
}

/** Pseudo-random numbers from 0 to 1 that are the same in each run (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

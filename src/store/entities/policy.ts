/** Tables of the policy: roles, grants, rules and model versions, and what the latest revisions changed. */
import { EntitySchema } from 'typeorm';
import type { GrantRecord, ModelRecord, PolicyChange } from '../../core/policy.ts';
import type { RoleRecord } from '../store.ts';
import { generatedId, json, key, optionalText, optionalWhole, text, whole, wholeKey } from './columns.ts';

/** A rule as stored: by field name, with copies of what listings filter by. */
export interface RuleRow {
  readonly id: number;
  /** Canonical JSON of the fields: keys sorted, no spaces. */
  readonly fields: string;
  /** SHA-256 of `fields`, hex: the unique key. */
  readonly fieldsHash: string;
  readonly sub: string;
  readonly res: string;
  /** `''` for a rule of no preset: unique and equality tests treat NULLs as distinct. */
  readonly preset: string;
  readonly createdAt: number;
  readonly createdBy: string;
}

export interface PolicyChangeRow {
  readonly revision: number;
  readonly change: Omit<PolicyChange, 'revision'>;
  /** Rules and grants there were after it. */
  readonly rules: number;
  readonly grants: number;
}

export const roleEntity = new EntitySchema<RoleRecord>({
  name: 'Role',
  tableName: 'gate_roles',
  columns: {
    name: key('name'),
    description: text('description'),
    preset: optionalText('preset'),
    createdAt: whole('created_at'),
  },
});

export const grantEntity = new EntitySchema<GrantRecord>({
  name: 'Grant',
  tableName: 'gate_grants',
  columns: {
    id: generatedId('id'),
    subject: text('subject'),
    role: text('role'),
    server: text('server'),
    startsAt: optionalWhole('starts_at'),
    expiresAt: optionalWhole('expires_at'),
    createdAt: whole('created_at'),
    createdBy: text('created_by'),
  },
});

export const ruleEntity = new EntitySchema<RuleRow>({
  name: 'Rule',
  tableName: 'gate_rules',
  columns: {
    id: generatedId('id'),
    fields: text('fields'),
    fieldsHash: text('fields_hash'),
    sub: text('sub'),
    res: text('res'),
    preset: text('preset'),
    createdAt: whole('created_at'),
    createdBy: text('created_by'),
  },
});

export const modelEntity = new EntitySchema<ModelRecord>({
  name: 'Model',
  tableName: 'gate_models',
  columns: {
    version: generatedId('version'),
    text: text('text'),
    hash: text('hash'),
    source: text('source'),
    createdAt: whole('created_at'),
    createdBy: text('created_by'),
  },
});

export const policyChangeEntity = new EntitySchema<PolicyChangeRow>({
  name: 'PolicyChange',
  tableName: 'gate_policy_changes',
  columns: {
    revision: wholeKey('revision'),
    change: json('change_json'),
    rules: whole('rules'),
    grants: whole('grants'),
  },
});

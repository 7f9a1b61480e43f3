/**
 * How records are shown outside: in API answers and in the audit alike. snake_case, times RFC 3339,
 * never a password, token or hash of one.
 */
import type { GrantRecord, ModelRecord, RuleRecord } from '../core/policy.ts';
import type { RoleRecord, TokenRecord, UserRecord } from '../store/store.ts';

/** Epoch milliseconds as RFC 3339 text in UTC; `null` stays `null`. */
export function instant<T extends number | null>(at: T): T extends null ? null : string;
export function instant(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

export function userView(user: UserRecord) {
  return {
    name: user.name,
    display_name: user.displayName,
    active: user.active,
    has_password: user.passwordHash !== null,
    created_at: instant(user.createdAt),
  };
}

export function grantView(grant: GrantRecord) {
  return {
    id: grant.id,
    subject: grant.subject,
    role: grant.role,
    server: grant.server,
    starts_at: instant(grant.startsAt),
    expires_at: instant(grant.expiresAt),
    created_at: instant(grant.createdAt),
    created_by: grant.createdBy,
  };
}

export function ruleView(rule: RuleRecord) {
  return {
    id: rule.id,
    fields: rule.fields,
    preset: rule.preset,
    created_at: instant(rule.createdAt),
    created_by: rule.createdBy,
  };
}

export function roleView(role: RoleRecord) {
  return {
    name: role.name,
    description: role.description,
    preset: role.preset,
    created_at: instant(role.createdAt),
  };
}

/** Without the hash: it is all that is stored of the token. */
export function tokenView(token: TokenRecord) {
  return {
    id: token.id,
    user: token.user,
    note: token.note,
    audience: token.audience,
    roles: token.roles,
    created_at: instant(token.createdAt),
    expires_at: instant(token.expiresAt),
    revoked_at: instant(token.revokedAt),
  };
}

export function modelView(model: ModelRecord) {
  return { ...modelSummary(model), text: model.text };
}

/** A version in the history, without its text. */
export function modelSummary(model: ModelRecord) {
  return {
    version: model.version,
    hash: model.hash,
    source: model.source,
    created_at: instant(model.createdAt),
    created_by: model.createdBy,
  };
}

/** `{user}` in a rule's path, read as somebody in particular. */
import type { RuleRecord } from '../core/policy.ts';

/** The rule as it is for `user` alone: their place where it says `{user}`. */
export function inTheirPlace(rule: RuleRecord, user: string): RuleRecord {
  const { path } = rule.fields;
  if (path === undefined) return rule;
  const named = path.split('/').map((segment) => (segment === '{user}' ? user : segment));
  return { ...rule, fields: { ...rule.fields, path: named.join('/') } };
}

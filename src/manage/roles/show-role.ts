/** One role with its rules. */
import { AppError } from '../../core/errors.ts';
import { roleName } from '../../core/names.ts';
import type { RuleRecord } from '../../core/policy.ts';
import type { Repositories, RoleRecord } from '../../store/store.ts';
import { readAll } from '../page.ts';

export interface ShownRole {
  readonly role: RoleRecord;
  readonly rules: readonly RuleRecord[];
}

/** Throws `NAME_INVALID` or `ROLE_UNKNOWN`. */
export async function showRole(repositories: Repositories, input: string): Promise<ShownRole> {
  const name = roleName(input);
  const role = await repositories.roles.find(name);
  if (role === undefined) throw new AppError('ROLE_UNKNOWN', { detail: `received \`${name}\`` });
  const rules = await readAll((page) => repositories.rules.list({ sub: name }, page));
  return { role, rules };
}

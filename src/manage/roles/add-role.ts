/** Creates a role, or changes its description. */
import { AppError } from '../../core/errors.ts';
import { EVERYONE_ROLE } from '../../core/identity.ts';
import { roleName } from '../../core/names.ts';
import type { RoleRecord } from '../../store/store.ts';
import { isLent } from '../lent-roles/lent-role.ts';
import type { Actor } from '../actor.ts';
import type { Management } from '../management.ts';
import type { Written } from '../policy-writer.ts';
import { roleView } from '../views.ts';

export interface NewRole {
  readonly name: string;
  readonly description?: string | undefined;
}

/** Throws `NAME_INVALID`, also for a name the gate gives itself, or `NAME_TAKEN`; `role:everyone` is always there. */
export async function addRole(
  management: Management,
  actor: Actor,
  input: NewRole,
): Promise<Written<RoleRecord>> {
  const name = roleName(input.name);
  return management.writer.change(actor, { what: 'role.add', target: name }, async (tx) => {
    if (name === EVERYONE_ROLE || (await tx.roles.find(name)) !== undefined) {
      throw new AppError('NAME_TAKEN', { detail: `received \`${name}\`` });
    }
    assertOthers(name);
    const role = {
      name,
      description: input.description ?? '',
      preset: null,
      createdAt: management.clock.now(),
    };
    await tx.roles.upsert(role);
    return { result: role, changed: true, after: roleView(role) };
  });
}

export interface PutRole {
  readonly role: RoleRecord;
  readonly created: boolean;
}

/** Idempotent: creates the role when it is not there, otherwise changes its description when one is given. Throws `NAME_INVALID`. */
export async function putRole(
  management: Management,
  actor: Actor,
  input: NewRole,
): Promise<Written<PutRole>> {
  const name = roleName(input.name);
  return management.writer.change(actor, { what: 'role.put', target: name }, async (tx) => {
    const existing = await tx.roles.find(name);
    const description = input.description ?? existing?.description ?? '';
    if (existing?.description === description)
      return { result: { role: existing, created: false }, changed: false };
    if (existing === undefined) assertOthers(name);
    const role = existing ?? { name, preset: null, createdAt: management.clock.now() };
    const after = { ...role, description };
    await tx.roles.upsert(after);
    const before = existing === undefined ? undefined : roleView(existing);
    return {
      result: { role: after, created: existing === undefined },
      changed: true,
      before,
      after: roleView(after),
    };
  });
}

/** Whoever held such a role before it is made for somebody would be given what that one is. */
function assertOthers(name: string): void {
  if (!isLent(name)) return;
  const detail = `\`${name}\`: the gate makes the roles of invitations and requests itself`;
  throw new AppError('NAME_INVALID', { detail });
}

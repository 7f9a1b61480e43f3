/** Makes a role for one occasion that holds another one, whole or narrowed to a path: taking it away takes nothing else. */
import { AppError } from '../../core/errors.ts';
import type { Repositories } from '../../store/store.ts';
import { narrowRole } from './narrow-role.ts';
import type { Narrowing } from './narrow-role.ts';

/** With `''` as path it is not narrowed. */
export interface LentRole extends Narrowing {
  readonly description: string;
}

/**
 * Gives the rules written for it, none when it is not narrowed. Throws `INPUT_INVALID` when nothing of the role lies in
 * the path, or as `narrowRole`; `NAME_TAKEN` when there is such a role already, since somebody may hold it.
 */
export async function lendRole(
  tx: Repositories,
  lent: LentRole,
  { by, at }: { readonly by: string; readonly at: number },
): Promise<readonly Readonly<Record<string, string>>[]> {
  const { role, path, grantedRole, description, ...narrowing } = lent;
  const { server, expiresAt } = narrowing;
  if ((await tx.roles.find(grantedRole)) !== undefined)
    throw new AppError('NAME_TAKEN', { detail: `\`${grantedRole}\` is there already: remove it first` });
  await tx.roles.upsert({ name: grantedRole, description, preset: null, createdAt: at });
  if (path === '') {
    const held = { subject: grantedRole, role, server, startsAt: null, expiresAt };
    await tx.grants.insert({ ...held, createdAt: at, createdBy: by });
    return [];
  }
  const document = await tx.policy();
  if (document === undefined) throw new AppError('MODEL_UNKNOWN', { detail: 'no model was stored yet' });
  const rules = narrowRole(document, { ...narrowing, role, grantedRole, path });
  if (rules.length === 0) {
    const message = `nothing of \`${role}\` lies in \`${path}\``;
    throw new AppError('INPUT_INVALID', { problems: [{ at: 'path', message }] });
  }
  await tx.rules.insertMany(rules.map((fields) => ({ fields, preset: null, createdAt: at, createdBy: by })));
  return rules;
}

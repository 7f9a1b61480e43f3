/** The rules of a role, narrowed to a path for one invitation. */
import { AppError } from '../../core/errors.ts';
import { isRole } from '../../core/names.ts';
import type { PolicyDocument, RuleRecord } from '../../core/policy.ts';
import { checkRule } from '../../decide/check-rule.ts';
import { intersectPaths } from '../../decide/functions/path-intersection.ts';
import { checkPathPattern } from '../../decide/functions/path-pattern.ts';
import { parseModel } from '../../decide/parse-model.ts';
import { inTheirPlace } from '../in-their-place.ts';

export interface Narrowing {
  /** The role whose rules are taken. */
  readonly role: string;
  /** The role they are written for. */
  readonly grantedRole: string;
  readonly path: string;
  /** Roles inside the role count when they are held there. */
  readonly server: string;
  /** And for as long, epoch milliseconds. */
  readonly expiresAt: number;
  /** The only person who will hold it: `{user}` in a path of the role stands for them. */
  readonly subject?: string | undefined;
}

/**
 * Fields of the rules: a question without a path is answered as in the role, so that pages and settings still open; one
 * with a path only inside `path`. Throws `INPUT_INVALID` when `path` is no pattern or the model knows no paths.
 */
export function narrowRole(
  document: PolicyDocument,
  narrowing: Narrowing,
): readonly Readonly<Record<string, string>>[] {
  const { grantedRole, path, subject } = narrowing;
  const model = parseModel(document.model.text);
  const reason = path.startsWith('/') ? checkPathPattern(path) : 'expected a pattern that begins with `/`';
  const isKnown = model.columns.some(
    ({ field, patterns }) => field === 'path' && patterns.some(({ name }) => name === 'pathMatch'),
  );
  if (reason !== undefined || !isKnown) {
    const message = reason ?? 'the model in force has no paths, so a role cannot be narrowed to one';
    throw new AppError('INPUT_INVALID', { problems: [{ at: 'path', message }] });
  }
  const held = lastingRoles(document, narrowing);
  const rules = document.rules.filter(({ fields }) => held.has(fields['sub'] ?? ''));
  const narrowed = rules.flatMap((rule) =>
    pathsOf(subject === undefined ? rule : inTheirPlace(rule, subject), path).map((inside) =>
      checkRule({ ...rule.fields, sub: grantedRole, path: inside }, model),
    ),
  );
  return [...new Map(narrowed.map((fields) => [JSON.stringify(fields), fields])).values()];
}

function pathsOf({ fields }: RuleRecord, path: string): string[] {
  const own = fields['path'] ?? '**';
  const inside = intersectPaths(own, path);
  // A refusal that cannot be narrowed stays whole.
  return inside.length === 0 && fields['eft'] === 'deny' ? [own] : inside;
}

/** The role and those it holds, there and at least until the invitation ends. */
function lastingRoles({ grants }: PolicyDocument, { role, server, expiresAt }: Narrowing): Set<string> {
  const held = new Set([role]);
  for (const holder of held) {
    for (const grant of grants) {
      const isThere = grant.server === '*' || grant.server === server;
      const isLasting = grant.startsAt === null && (grant.expiresAt === null || grant.expiresAt >= expiresAt);
      if (grant.subject === holder && isRole(grant.role) && isThere && isLasting) held.add(grant.role);
    }
  }
  return held;
}

/** Looks up rules. */
import { AppError } from '../../core/errors.ts';
import type { RuleRecord } from '../../core/policy.ts';
import type { Repositories, RuleFilter } from '../../store/store.ts';
import { readPage } from '../page.ts';
import type { Page, PageInput } from '../page.ts';

/** In order of their ids; the cursor is the last id shown. */
export async function listRules(
  repositories: Repositories,
  filter: RuleFilter,
  page: PageInput<number>,
): Promise<Page<RuleRecord, number>> {
  return readPage(
    page,
    (wanted) => repositories.rules.list(filter, wanted),
    (rule) => rule.id,
  );
}

/** Throws `RULE_UNKNOWN`. */
export async function showRule(repositories: Repositories, id: number): Promise<RuleRecord> {
  const rule = await repositories.rules.find(id);
  if (rule === undefined) throw new AppError('RULE_UNKNOWN', { detail: `received \`${id}\`` });
  return rule;
}

/** Casbin's `p` lines, by field name. */
import { AppError } from '../../core/errors.ts';
import type { RuleRecord } from '../../core/policy.ts';
import { ruleEntity, type RuleRow } from '../entities/policy.ts';
import { canonicalFields, fieldsHash, parseFields } from '../rule-fields.ts';
import type { Session } from '../session.ts';
import type { RuleFilter, Rules } from '../store.ts';
import { insertRows } from './insert-rows.ts';
import { beyond, given, something } from './page.ts';

export function createRules(session: Session): Rules {
  const findExact: Rules['findExact'] = async (fields) => {
    const hash = fieldsHash(canonicalFields(fields));
    return toRecord(await session.read((manager) => manager.findOneBy(ruleEntity, { fieldsHash: hash })));
  };
  return {
    findExact,
    async find(id) {
      return toRecord(await session.read((manager) => manager.findOneBy(ruleEntity, { id })));
    },
    async list(filter, page) {
      const rows = await session.read((manager) =>
        manager.find(ruleEntity, {
          where: { ...conditions(filter), ...beyond('id', page) },
          order: { id: 'ASC' },
          take: page.limit,
        }),
      );
      return rows.map(record);
    },
    async insert(rule) {
      // looked up first because on PostgreSQL a statement that fails ends the whole transaction
      const same = await findExact(rule.fields);
      if (same) throw new AppError('RULE_EXISTS', { detail: `rule ${same.id} has these fields` });
      const result = await session.write((manager) => manager.insert(ruleEntity, toRow(rule)));
      return { ...rule, id: Number(result.identifiers[0]?.['id']) };
    },
    insertMany: (rules) => insertRows(session, ruleEntity, rules.map(toRow)),
    async remove(id) {
      await session.write((manager) => manager.delete(ruleEntity, { id }));
    },
    async removeAll(filter) {
      await session.write(async (manager) => manager.delete(ruleEntity, something(conditions(filter))));
    },
  };
}

function conditions(filter: RuleFilter): { sub?: string; res?: string; preset?: string } {
  const { sub, res, preset } = filter;
  return given({ sub, res, preset });
}

function toRow(rule: Omit<RuleRecord, 'id'>): Omit<RuleRow, 'id'> {
  const fields = canonicalFields(rule.fields);
  return {
    fields,
    fieldsHash: fieldsHash(fields),
    sub: rule.fields['sub'] ?? '',
    res: rule.fields['res'] ?? '',
    preset: rule.preset ?? '',
    createdAt: rule.createdAt,
    createdBy: rule.createdBy,
  };
}

function toRecord(row: RuleRow | null): RuleRecord | undefined {
  return row ? record(row) : undefined;
}

function record(row: RuleRow): RuleRecord {
  return {
    id: row.id,
    fields: parseFields(row.fields),
    preset: row.preset === '' ? null : row.preset,
    createdAt: row.createdAt,
    createdBy: row.createdBy,
  };
}

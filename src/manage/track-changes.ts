/** Notes which rules and grants a transaction changes, so that the policy in force can be changed by just these. */
import type { Changed, GrantRecord, RuleRecord } from '../core/policy.ts';
import type { Grants, Models, PageRequest, Repositories, Rules } from '../store/store.ts';
import { readAll } from './page.ts';

/** What a transaction did to the policy. */
export interface TrackedChange {
  readonly rules: Changed<RuleRecord>;
  readonly grants: Changed<GrantRecord>;
  /** Whether the model is another one. */
  readonly isOtherModel: boolean;
  /** Whether the rows above tell their ids: those of many rows inserted at once are not read back. */
  readonly hasIds: boolean;
}

/** Rows of a change that is made to the policy in force, or written down for other gates. */
const MOST_ROWS = 500;

/** Whether it can be told row by row; otherwise the policy is read and built whole. */
export function isSmall({ rules, grants, isOtherModel, hasIds }: TrackedChange): boolean {
  const rows = [rules.removed, rules.added, grants.removed, grants.added];
  return hasIds && !isOtherModel && rows.reduce((sum, each) => sum + each.length, 0) <= MOST_ROWS;
}

export interface Tracking {
  /** The same repositories; what is done through them is noted. */
  readonly tx: Repositories;
  /** What was done until now. Rows that are as they were are left out. */
  change(): TrackedChange;
}

/** Starts noting. */
export function trackChanges(tx: Repositories): Tracking {
  const grants = createLedger<GrantRecord>();
  const rules = createLedger<RuleRecord>();
  let isOtherModel = false;
  const models: Models = {
    ...tx.models,
    insert(model) {
      isOtherModel = true;
      return tx.models.insert(model);
    },
  };
  return {
    tx: { ...tx, grants: trackGrants(tx.grants, grants), rules: trackRules(tx.rules, rules), models },
    change: () => ({
      grants: grants.changed(),
      rules: rules.changed(),
      isOtherModel,
      hasIds: grants.hasIds() && rules.hasIds(),
    }),
  };
}

/** Part of both repositories. */
interface Rows<Row, Filter> {
  find(id: number): Promise<Row | undefined>;
  list(filter: Filter, page: PageRequest<number>): Promise<Row[]>;
  insert(row: Omit<Row, 'id'>): Promise<Row>;
  remove(id: number): Promise<void>;
  removeAll(filter: Filter): Promise<void>;
}

function trackRows<Row extends { readonly id: number }, Filter>(
  rows: Rows<Row, Filter>,
  ledger: Ledger<Row>,
): Pick<Rows<Row, Filter>, 'insert' | 'remove' | 'removeAll'> {
  return {
    async insert(row) {
      const inserted = await rows.insert(row);
      ledger.note(inserted.id, undefined, inserted);
      return inserted;
    },
    async remove(id) {
      ledger.note(id, await rows.find(id), undefined);
      await rows.remove(id);
    },
    async removeAll(filter) {
      const ending = await readAll((page) => rows.list(filter, page));
      await rows.removeAll(filter);
      for (const row of ending) ledger.note(row.id, row, undefined);
    },
  };
}

function trackGrants(grants: Grants, ledger: Ledger<GrantRecord>): Grants {
  return {
    ...grants,
    ...trackRows(grants, ledger),
    async insertMany(many) {
      await grants.insertMany(many);
      ledger.noteMany(many.map((grant) => ({ ...grant, id: UNKNOWN_ID })));
    },
    async update(id, change) {
      const before = await grants.find(id);
      await grants.update(id, change);
      if (before !== undefined) ledger.note(id, before, await grants.find(id));
    },
  };
}

function trackRules(rules: Rules, ledger: Ledger<RuleRecord>): Rules {
  return {
    ...rules,
    ...trackRows(rules, ledger),
    async insertMany(many) {
      await rules.insertMany(many);
      if (many.length > MAX_READ_BACK) {
        ledger.noteMany(many.map((rule) => ({ ...rule, id: UNKNOWN_ID })));
        return;
      }
      for (const { fields } of many) {
        const inserted = await rules.findExact(fields);
        if (inserted !== undefined) ledger.note(inserted.id, undefined, inserted);
      }
    },
  };
}

/** Stands for the id of a row that was not read back. */
const UNKNOWN_ID = -1;
/** Rules inserted at once that are looked up again, such as a preset's. */
const MAX_READ_BACK = 200;

interface Ledger<Row> {
  /** Notes what a row was and what it is now; `undefined` for not there. */
  note(id: number, before: Row | undefined, after: Row | undefined): void;
  /** Notes rows that came, their ids unknown. */
  noteMany(rows: readonly Row[]): void;
  changed(): Changed<Row>;
  hasIds(): boolean;
}

function createLedger<Row>(): Ledger<Row> {
  const rows = new Map<number, { readonly before: Row | undefined; readonly after: Row | undefined }>();
  const unnumbered: Row[] = [];
  return {
    note(id, before, after) {
      const known = rows.get(id);
      rows.set(id, { before: known === undefined ? before : known.before, after });
    },
    noteMany(many) {
      for (const row of many) unnumbered.push(row);
    },
    changed() {
      const changed = [...rows.values()].filter(({ before, after }) => !isSame(before, after));
      return {
        removed: changed.flatMap(({ before }) => before ?? []),
        added: [...changed.flatMap(({ after }) => after ?? []), ...unnumbered],
      };
    },
    hasIds: () => unnumbered.length === 0,
  };
}

function isSame(before: unknown, after: unknown): boolean {
  // most rows only came or went, and writing thousands of them as text takes a tenth of a second
  if (before === undefined || after === undefined) return before === after;
  return JSON.stringify(before) === JSON.stringify(after);
}

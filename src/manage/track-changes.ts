/** Notes which rules and grants a transaction changes, so that the policy in force can be changed by just these. */
import type { Changed, GrantRecord, RuleRecord } from '../core/policy.ts';
import type { Grants, Models, Repositories, Rules } from '../store/store.ts';
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

function trackGrants(grants: Grants, ledger: Ledger<GrantRecord>): Grants {
  return {
    ...grants,
    async insert(grant) {
      const inserted = await grants.insert(grant);
      ledger.note(inserted.id, undefined, inserted);
      return inserted;
    },
    async insertMany(many) {
      await grants.insertMany(many);
      ledger.noteMany(many.map((grant) => ({ ...grant, id: UNKNOWN_ID })));
    },
    async update(id, change) {
      const before = await grants.find(id);
      await grants.update(id, change);
      if (before !== undefined) ledger.note(id, before, await grants.find(id));
    },
    async remove(id) {
      ledger.note(id, await grants.find(id), undefined);
      await grants.remove(id);
    },
    async removeAll(filter) {
      const ending = await readAll((page) => grants.list(filter, page));
      await grants.removeAll(filter);
      for (const grant of ending) ledger.note(grant.id, grant, undefined);
    },
  };
}

function trackRules(rules: Rules, ledger: Ledger<RuleRecord>): Rules {
  return {
    ...rules,
    async insert(rule) {
      const inserted = await rules.insert(rule);
      ledger.note(inserted.id, undefined, inserted);
      return inserted;
    },
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
    async remove(id) {
      ledger.note(id, await rules.find(id), undefined);
      await rules.remove(id);
    },
    async removeAll(filter) {
      const ending = await readAll((page) => rules.list(filter, page));
      await rules.removeAll(filter);
      for (const rule of ending) ledger.note(rule.id, rule, undefined);
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
  return JSON.stringify(before) === JSON.stringify(after);
}

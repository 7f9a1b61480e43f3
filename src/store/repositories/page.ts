/** Pages of listings: rows beyond a cursor, in the cursor's order. */
import { LessThan, MoreThan, type FindOperator } from 'typeorm';
import type { PageRequest } from '../store.ts';

/** Condition on the cursor column, ascending; empty on the first page. */
export function beyond<Name extends string, Cursor>(
  column: Name,
  page: PageRequest<Cursor>,
): { [K in Name]?: FindOperator<Cursor> } {
  return condition(column, page.after === undefined ? undefined : MoreThan(page.after));
}

/** Condition on the cursor column, descending. */
export function below<Name extends string, Cursor>(
  column: Name,
  page: PageRequest<Cursor>,
): { [K in Name]?: FindOperator<Cursor> } {
  return condition(column, page.after === undefined ? undefined : LessThan(page.after));
}

/** `filter` without what is not asked for: TypeORM refuses `undefined` rather than guess. */
export function given<Filter extends object>(
  filter: Filter,
): { [K in keyof Filter]?: Exclude<Filter[K], undefined> } {
  const entries = Object.entries(filter).filter(([, value]) => value !== undefined);
  return Object.fromEntries(entries) as { [K in keyof Filter]?: Exclude<Filter[K], undefined> };
}

/** The same, refusing an empty filter: removing everything must never be an oversight. */
export function something<Filter extends object>(filter: Filter): ReturnType<typeof given<Filter>> {
  const conditions = given(filter);
  if (Object.keys(conditions).length === 0) {
    throw new TypeError('expected at least one field to remove by, received an empty filter');
  }
  return conditions;
}

function condition<Name extends string, Value>(
  column: Name,
  value: Value | undefined,
): { [K in Name]?: Value } {
  return (value === undefined ? {} : { [column]: value }) as { [K in Name]?: Value };
}

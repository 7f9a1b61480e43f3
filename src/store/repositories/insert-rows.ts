/** Many rows in few statements. */
import type { EntitySchema, ObjectLiteral } from 'typeorm';
import type { QueryDeepPartialEntity } from 'typeorm/query-builder/QueryPartialEntity.js';
import type { Session } from '../session.ts';

/** Rows of one statement: with 20 columns far below the 32,766 parameters that SQLite takes. */
const SLICE = 500;

export async function insertRows<Row extends ObjectLiteral>(
  session: Session,
  entity: EntitySchema<Row>,
  rows: readonly Partial<Row>[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += SLICE) {
    // the same shape in TypeORM's words, which know no `unknown` columns
    const slice = rows.slice(start, start + SLICE) as QueryDeepPartialEntity<Row>[];
    await session.write((manager) =>
      manager.createQueryBuilder().insert().into(entity).values(slice).updateEntity(false).execute(),
    );
  }
}

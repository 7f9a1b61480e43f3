/** Many rows in few statements. */
import type { EntityManager, EntitySchema, ObjectLiteral } from 'typeorm';
import type { Session } from '../session.ts';

/** Rows of one statement: with 20 columns far below the 32,766 parameters that SQLite takes. */
const SLICE = 500;

/**
 * Inserts `rows` without their generated ids. Builds the statement from the entity's columns: TypeORM's insert builder
 * takes 80 µs for each row, most of the cost of a decision log and of a large policy.
 */
export async function insertRows<Row extends ObjectLiteral>(
  session: Session,
  entity: EntitySchema<Row>,
  rows: readonly Partial<Row>[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += SLICE) {
    const slice = rows.slice(start, start + SLICE);
    await session.write((manager) => insertSlice(manager, entity, slice));
  }
}

async function insertSlice<Row extends ObjectLiteral>(
  manager: EntityManager,
  entity: EntitySchema<Row>,
  rows: readonly Partial<Row>[],
): Promise<void> {
  const { driver } = manager.dataSource;
  const metadata = manager.dataSource.getMetadata(entity);
  const columns = metadata.columns.filter((column) => !column.isGenerated);
  const names = columns.map((column) => driver.escape(column.databaseName));
  const values: unknown[] = [];
  const tuples = rows.map((row) => {
    const parameters = columns.map((column) => {
      values.push(driver.preparePersistentValue(row[column.propertyName], column));
      return driver.createParameter('', values.length - 1);
    });
    return `(${parameters.join(', ')})`;
  });
  await manager.query(
    `INSERT INTO ${driver.escape(metadata.tableName)} (${names.join(', ')}) VALUES ${tuples.join(', ')}`,
    values,
  );
}

/** Many rows in few statements. */
import type { EntityManager, EntityMetadata, EntitySchema, ObjectLiteral } from 'typeorm';
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
  const columns = columnsOf(metadata);
  const values: unknown[] = [];
  for (const row of rows)
    for (const column of columns)
      values.push(driver.preparePersistentValue(row[column.propertyName], column));
  await manager.query(statementFor(metadata, rows.length), values);
}

function columnsOf({ columns }: EntityMetadata): EntityMetadata['columns'] {
  return columns.filter((column) => !column.isGenerated);
}

interface Statement {
  readonly rows: number;
  readonly text: string;
}

/** The latest of each table: under load the decision log writes as many rows each time, and twelve kilobytes of text for them. */
const statements = new WeakMap<EntityMetadata, Statement>();

function statementFor(metadata: EntityMetadata, rows: number): string {
  const latest = statements.get(metadata);
  if (latest?.rows === rows) return latest.text;
  const { driver } = metadata.dataSource;
  const columns = columnsOf(metadata);
  const names = columns.map((column) => driver.escape(column.databaseName));
  let parameters = 0;
  const tuple = (): string => `(${columns.map(() => driver.createParameter('', parameters++)).join(', ')})`;
  const tuples = Array.from({ length: rows }, tuple).join(', ');
  const text = `INSERT INTO ${driver.escape(metadata.tableName)} (${names.join(', ')}) VALUES ${tuples}`;
  statements.set(metadata, { rows, text });
  return text;
}

/**
 * Lets the numbers that the database gives go beyond 2^31: a busy decision log gets there within a year. On SQLite they
 * have 63 bits from the start.
 */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const GIVEN = [
  ['gate_decisions', 'seq'],
  ['gate_grants', 'id'],
  ['gate_rules', 'id'],
  ['gate_models', 'version'],
  ['gate_access_requests', 'id'],
] as const;

export class WidenIds1795406000000 implements MigrationInterface {
  readonly name = 'WidenIds1795406000000';

  async up(runner: QueryRunner): Promise<void> {
    await change(runner, 'bigint');
  }

  /** Refused by the database when a number is in use that does not fit any more. */
  async down(runner: QueryRunner): Promise<void> {
    await change(runner, 'integer');
  }
}

/** The sequence behind an identity column takes the type of its column. */
async function change(runner: QueryRunner, type: 'bigint' | 'integer'): Promise<void> {
  if (runner.dataSource.options.type !== 'postgres') return;
  for (const [table, column] of GIVEN)
    await runner.query(`ALTER TABLE ${table} ALTER COLUMN ${column} TYPE ${type}`);
}

/** What each of the latest revisions changed, for the other gates on the same database. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddPolicyChanges1795405000000 implements MigrationInterface {
  readonly name = 'AddPolicyChanges1795405000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE TABLE gate_policy_changes (revision bigint NOT NULL PRIMARY KEY, change_json text NOT NULL,
         rules bigint NOT NULL, grants bigint NOT NULL)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gate_policy_changes');
  }
}

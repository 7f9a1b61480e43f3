/** Invitations and who accepted them. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddInvitations1795395600000 implements MigrationInterface {
  readonly name = 'AddInvitations1795395600000';

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    // Text compared byte by byte, so that pages have the same order everywhere.
    const key = isPostgres ? 'text COLLATE "C" NOT NULL' : 'text NOT NULL';
    await runner.query(
      `CREATE TABLE gate_invitations (id ${key} PRIMARY KEY, hash ${key} UNIQUE, role ${key}, path text NOT NULL,
         server ${key}, granted_role ${key}, max_uses integer, uses integer NOT NULL, created_at bigint NOT NULL,
         created_by text NOT NULL, expires_at bigint NOT NULL, revoked_at bigint)`,
    );
    await runner.query(
      `CREATE TABLE gate_acceptances (invitation ${key}, user_name ${key}, created_user boolean NOT NULL,
         accepted_at bigint NOT NULL, PRIMARY KEY (invitation, user_name))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gate_acceptances');
    await runner.query('DROP TABLE gate_invitations');
  }
}

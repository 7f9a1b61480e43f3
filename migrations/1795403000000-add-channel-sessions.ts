/** Whose a `session_id` on a kernel is. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddChannelSessions1795403000000 implements MigrationInterface {
  readonly name = 'AddChannelSessions1795403000000';

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    const key = isPostgres ? 'text COLLATE "C" NOT NULL' : 'text NOT NULL';
    await runner.query(
      `CREATE TABLE gate_channel_sessions (server ${key}, kernel ${key}, session_id ${key}, subject ${key},
         used_at bigint NOT NULL, PRIMARY KEY (server, kernel, session_id))`,
    );
    await runner.query('CREATE INDEX gate_channel_sessions_used_at ON gate_channel_sessions (used_at)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE gate_channel_sessions');
  }
}

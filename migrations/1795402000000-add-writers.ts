/** Who wrote which file, and what a kernel was started for. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddWriters1795402000000 implements MigrationInterface {
  readonly name = 'AddWriters1795402000000';

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    // Text compared byte by byte, so that what lies below a directory is one range.
    const key = isPostgres ? 'text COLLATE "C" NOT NULL' : 'text NOT NULL';
    await runner.query(
      `CREATE TABLE gate_writers (id ${key} PRIMARY KEY, server ${key}, path ${key}, subject ${key},
         begun bigint NOT NULL, ended bigint NOT NULL, saved boolean NOT NULL)`,
    );
    await runner.query('CREATE INDEX gate_writers_path ON gate_writers (server, path)');
    await runner.query('CREATE INDEX gate_writers_ended ON gate_writers (server, ended)');
    await runner.query(`ALTER TABLE gate_objects ADD COLUMN origin text NOT NULL DEFAULT ''`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE gate_objects DROP COLUMN origin');
    await runner.query('DROP TABLE gate_writers');
  }
}

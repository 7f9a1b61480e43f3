/** Remembers with which API token a browser session was opened, so that it ends with that token. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

export class AddSessionToken1795404000000 implements MigrationInterface {
  readonly name = 'AddSessionToken1795404000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE gate_sessions ADD COLUMN token_id text');
    // Of sessions from before nobody knows the token: those that may rest on one are signed in again.
    await runner.query(
      "DELETE FROM gate_sessions WHERE user_name IN (SELECT user_name FROM gate_tokens WHERE audience = 'proxy')",
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE gate_sessions DROP COLUMN token_id');
  }
}

/** Lets the end of an invitation be recorded, and what has come to its end be found without reading whole tables. */
import type { MigrationInterface, QueryRunner } from 'typeorm';

const INDEXES = {
  gate_tokens_end: 'gate_tokens (expires_at) WHERE revoked_at IS NULL AND expires_at IS NOT NULL',
  gate_links_end: 'gate_links (expires_at)',
  gate_invitations_end: 'gate_invitations (expires_at) WHERE ended_at IS NULL AND revoked_at IS NULL',
} as const;

export class RecordEnds1795406100000 implements MigrationInterface {
  readonly name = 'RecordEnds1795406100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE gate_invitations ADD COLUMN ended_at bigint');
    for (const [name, rows] of Object.entries(INDEXES)) await runner.query(`CREATE INDEX ${name} ON ${rows}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of Object.keys(INDEXES)) await runner.query(`DROP INDEX ${name}`);
    await runner.query('ALTER TABLE gate_invitations DROP COLUMN ended_at');
  }
}

/**
 * Kills a real gate again and again while writers assign and take away roles, and looks after each time: what was
 * acknowledged is there, nothing is half done, and the audit is sound.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openAuditLog } from '../../src/store/open-audit-log.ts';
import type { AuditRecord } from '../../src/store/store.ts';
import { startBareUpstream } from '../support/bare-upstream.ts';
import { commandLine } from '../support/command-line.ts';
import { serve } from '../support/gate-process.ts';
import { until } from '../support/until.ts';
import { createWriters } from './writers.ts';

export interface KillOptions {
  readonly kills: number;
  readonly writers: number;
  /** `sqlite:PATH` or `postgres://…`; a file in the data directory when left out. */
  readonly database?: string | undefined;
  /** Told after each kill. */
  readonly progress?: (text: string) => void;
}

export interface KillSummary {
  readonly kills: number;
  readonly acknowledged: number;
  /** Changes that were under way when the gate was killed, and what became of them. */
  readonly doneUnanswered: number;
  readonly undone: number;
  readonly entries: number;
  readonly checkpoints: number;
}

/** A kill comes after so many acknowledged changes and a moment more: at random, so that it hits every step of a change. */
const MOST_CHANGES = 30;
const MOST_MS = 100;

export async function killNine({
  kills,
  writers: count,
  database,
  progress,
}: KillOptions): Promise<KillSummary> {
  const cwd = await mkdtemp(join(tmpdir(), 'gate-kill-'));
  const upstream = await startBareUpstream();
  const data = join(cwd, '.jupyter-gate');
  const log = join(cwd, 'checkpoints.log');
  const where = database ?? `sqlite:${join(data, 'gate.sqlite')}`;
  const cli = commandLine({ cwd, data, env: { JUPYTER_GATE_DATABASE: where } });
  const writers = createWriters(count);
  let summary: KillSummary | undefined;

  async function round(number: number): Promise<void> {
    const gate = serve(cwd, ['--upstream', upstream.origin, '--log-level', 'warn'], {
      JUPYTER_GATE_DATABASE: where,
    });
    try {
      const { adminUrl } = await gate.ready();
      const token = (await readFile(join(data, 'admin.token'), 'utf8')).trim();
      const api = `${adminUrl}/api/v1`;
      await (number === 0 ? writers.prepare(api, token) : writers.check(api, token));
      const writing = writers.start(api, token);
      // Looked at when the gate is gone; until then a failure must not end this process.
      writing.catch(() => undefined);
      const enough = writers.counts().acknowledged + Math.ceil(Math.random() * MOST_CHANGES);
      await until(() => writers.counts().acknowledged >= enough, 'the writers write');
      await new Promise((resolve) => setTimeout(resolve, Math.random() * MOST_MS));
      gate.signal('SIGKILL');
      await writing;
    } finally {
      gate.signal('SIGKILL');
      await gate.ended;
    }
    await writeFile(log, gate.out(), { flag: 'a' });
    const { out, json } = await verified();
    summary = { ...writers.counts(), kills: number + 1, ...json };
    progress?.(`${number + 1}: ${out}`);
  }

  async function verified() {
    const ran = await cli('audit', 'verify', '--json', '--checkpoint', log);
    expect(ran.code, ran.out + ran.err).to.equal(0);
    const { entries, checkpoints } = ran.json() as { entries: number; checkpoints: number };
    const reader = await openAuditLog(where);
    const last = await reader.audit.list({}, { limit: 500 });
    await reader.close();
    checkRevisions(last, writers.acknowledgedRevisions());
    return { out: `${entries} entries, ${checkpoints} checkpoints`, json: { entries, checkpoints } };
  }

  try {
    for (let number = 0; number < kills; number += 1) await round(number);
    if (summary === undefined) throw new Error('expected at least one kill');
    return summary;
  } finally {
    upstream.close();
    await rm(cwd, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** Newest first: no revision without its entry, none given twice, and every acknowledged one among them. */
function checkRevisions(entries: readonly AuditRecord[], acknowledged: ReadonlySet<number>): void {
  const changes = entries.filter(({ what }) => /^(grant|user|role|rule|model|preset)\./.test(what));
  const revisions = [...new Set(changes.map(({ revision }) => revision))].toReversed();
  const [first = 0] = revisions;
  expect(revisions).to.deep.equal(revisions.map((_, index) => first + index));
  const known = new Set(revisions);
  expect([...acknowledged].filter((revision) => revision >= first && !known.has(revision))).to.deep.equal([]);
}

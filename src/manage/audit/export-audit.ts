/** The audit as JSON lines, oldest first, a slice at a time. */
import { canonicalJson } from '../../core/canonical-json.ts';
import type { AuditReader } from '../../store/store.ts';
import { auditView } from './list-audit.ts';

export interface ExportRange {
  /** From then on, epoch milliseconds. */
  readonly since?: number | undefined;
  /** Before then. */
  readonly until?: number | undefined;
}

const SLICE = 500;

/** Lines with their ends, as many as one slice has. What is added while it runs is left out. */
export async function* exportAudit(
  audit: AuditReader,
  { since = 0, until = Infinity }: ExportRange,
): AsyncGenerator<string> {
  const end = (await audit.head()).seq;
  for (let after = 0; after < end;) {
    const slice = await audit.slice({ after, limit: SLICE });
    const last = slice.at(-1);
    if (last === undefined) return;
    const wanted = slice.filter(({ seq, at }) => seq <= end && at >= since && at < until);
    if (wanted.length > 0) yield `${wanted.map((entry) => canonicalJson(auditView(entry))).join('\n')}\n`;
    after = last.seq;
  }
}

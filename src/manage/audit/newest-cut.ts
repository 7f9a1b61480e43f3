/** Where the audit begins: after the newest cut that is signed. */
import type { PublicKeys } from '../../record/audit-key.ts';
import { checkSignature } from '../../record/signed-line.ts';
import type { AuditReader } from '../../store/store.ts';
import { readCut } from './statements.ts';
import type { Cut, Stated } from './statements.ts';

/** What an entry about a cut is called. */
export const CUT_ENTRY = 'audit.cut';
const LOOKED_AT = 100;

/** Undefined when nothing was cut yet. A cut that is not signed by one of `keys` is none. */
export async function newestCut(reader: AuditReader, keys: PublicKeys): Promise<Stated<Cut> | undefined> {
  const entries = await reader.list({ what: CUT_ENTRY }, { limit: LOOKED_AT });
  const cuts = entries.map((entry) => readCut(statementOf(entry.after)));
  return cuts.find((cut) => cut !== undefined && checkSignature(cut.line, keys) === 'valid');
}

function statementOf(after: unknown): string {
  const statement: unknown =
    typeof after === 'object' && after !== null ? Reflect.get(after, 'statement') : '';
  return typeof statement === 'string' ? statement : '';
}

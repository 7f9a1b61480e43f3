/** What plain Casbin needs to answer one question: the rules that can matter to the asker, and the grants that lead there. */
import { groupOf } from '../compiled/compiled-policy.ts';
import { implicitRole } from '../implicit-role.ts';
import { UNKNOWN_OWNER } from '../../core/question.ts';
import type { GrantRecord } from '../../core/policy.ts';
import type { Question } from '../../core/question.ts';
import type { Engine, Standing } from '../engine.ts';
import type { ParsedModel } from '../parse-model.ts';
import type { RoleIndex } from '../role-index.ts';

/** Plain data: it is sent to a worker. */
export interface Evidence {
  readonly revision: number;
  /** The model's text. */
  readonly model: string;
  readonly question: Question;
  /** Rules in Casbin's order. */
  readonly rows: readonly { readonly id: number; readonly values: readonly string[] }[];
  /** Subject, role and server of the grants that count now, and of what is held without a grant. */
  readonly links: readonly (readonly [string, string, string])[];
}

export interface EvidenceParts {
  readonly revision: number;
  readonly text: string;
  readonly model: ParsedModel;
  readonly engine: Pick<Engine<Standing>, 'rowsOf' | 'sizeOf' | 'allRows'>;
  readonly roles: Pick<RoleIndex, 'grantsOf'>;
}

/** Rules that are sent at most: Casbin takes 10 µs for each of them, and gathering them a part of that. */
const MAX_ROWS = 300;
const MAX_SUBJECTS = 100;

/**
 * The evidence for a question asked with all roles. `undefined` where it would be too much, where there is no rule
 * (Casbin then evaluates the matcher once over empty ones), and where the gate answers by its own word.
 */
export function evidenceFor(parts: EvidenceParts, question: Question, now: number): Evidence | undefined {
  if (question.own === UNKNOWN_OWNER || !parts.model.mentionsPolicy) return undefined;
  const links: (readonly [string, string, string])[] = [];
  // all there are, whatever their servers: who holds what is Casbin's to say
  const reached = new Set([question.sub]);
  for (const name of reached) {
    if (reached.size > MAX_SUBJECTS) return undefined;
    for (const { role, server } of linksOf(parts, name, now)) {
      links.push([name, role, server]);
      reached.add(role);
    }
  }
  const groups = [...new Set([...reached].map((name) => groupOf(parts.model, name)))];
  const size = groups.reduce((sum, name) => sum + parts.engine.sizeOf(name), 0);
  if (size === 0 || size > MAX_ROWS) return undefined;
  const found =
    parts.model.tie === undefined
      ? parts.engine.allRows()
      : groups.flatMap((name) => parts.engine.rowsOf(name));
  const rows = [...found].sort((a, b) => a.at - b.at).map(({ rule, values }) => ({ id: rule.id, values }));
  return { revision: parts.revision, model: parts.text, question, rows, links };
}

function linksOf(
  { roles }: EvidenceParts,
  name: string,
  now: number,
): Pick<GrantRecord, 'role' | 'server'>[] {
  const implicit = implicitRole(name);
  const held = roles.grantsOf(name).filter(({ startsAt, expiresAt }) => {
    return (startsAt === null || startsAt <= now) && (expiresAt === null || expiresAt > now);
  });
  return implicit === undefined ? held : [{ role: implicit, server: '*' }, ...held];
}

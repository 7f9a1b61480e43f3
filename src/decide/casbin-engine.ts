/** The engine for models that are not compiled: Casbin itself over the rules that can matter to the asker. */
import { UNKNOWN_OWNER } from '../core/question.ts';
import { createReferenceEnforcer } from './reference-enforcer.ts';
import { createSlices } from './slices.ts';
import { countsForLeads } from './counts-for-leads.ts';
import { beginVerdict, CASBIN_STEPS, endVerdict, TooMuchEffort } from './effort.ts';
import { inTurns } from './in-turns.ts';
import { define, FUNCTIONS } from './functions/functions.ts';
import { pathLeads } from './functions/path-match.ts';
import type { Clock } from '../core/clock.ts';
import type { Question } from '../core/question.ts';
import type { Answer, Engine } from './engine.ts';
import type { ParsedModel } from './parse-model.ts';
import type { PolicyRow } from './policy-row.ts';
import type { EnforcerParts, ReferenceEnforcer } from './reference-enforcer.ts';
import type { RoleIndex } from './role-index.ts';
import type { Slice } from './slices.ts';

export interface CasbinParts {
  readonly model: ParsedModel;
  /** All rules in Casbin's order. */
  readonly ordered: readonly PolicyRow[];
  readonly roles: RoleIndex;
  readonly clock: Clock;
  readonly holds: EnforcerParts['holds'];
}

const LEADS_FUNCTIONS = FUNCTIONS.map((entry) =>
  entry.name === 'pathMatch' ? define('pathMatch', entry.parameters, pathLeads) : entry,
);

/** Casbin as the engine. */
export async function createCasbinEngine(parts: CasbinParts): Promise<Engine<Slice>> {
  const { model, ordered, holds } = parts;
  const slice = await inTurns(createSlices(model, ordered, parts));
  const enforcer = await createReferenceEnforcer(model, { functions: FUNCTIONS, holds });
  const leadsEnforcer = await createReferenceEnforcer(model, { functions: LEADS_FUNCTIONS, holds });
  return {
    path: 'casbin',
    standing: (question, roles) => slice({ subject: question.sub, server: question.srv, roles }),
    answer(standing, question) {
      const rows = countedRows(standing, question);
      // without rows Casbin runs the matcher once over empty ones, and some matchers hold there
      if (rows.length === 0 && model.mentionsPolicy)
        return { allowed: model.effect === 'deny-override', row: undefined };
      return ask(enforcer, rows, requestValues(model, question));
    },
    leads(standing, question) {
      const rows = countedRows(standing, question).filter((row) => countsForLeads(row, question, model));
      if (rows.length === 0) return false;
      return ask(leadsEnforcer, rows, requestValues(model, question)).allowed;
    },
    rowsFor: ({ allRows }) => allRows,
    rowsOf: (subject) => ordered.filter((row) => row.subject === subject),
    sizeOf: (subject) => ordered.filter((row) => row.subject === subject).length,
    subjects: () => ordered.map((row) => row.subject),
    allRows: () => ordered,
    size: ordered.length,
  };
}

/** An object whose owner nobody recorded is only given by a rule that says so. */
function countedRows(slice: Slice, question: Question): readonly PolicyRow[] {
  return question.own === UNKNOWN_OWNER ? slice.unknownOwnerRows : slice.rows;
}

function requestValues(model: ParsedModel, question: Question): string[] {
  return model.request.map((token) => question[token.field]);
}

function ask(enforcer: ReferenceEnforcer, rows: readonly PolicyRow[], request: readonly string[]): Answer {
  let error: unknown;
  beginVerdict(CASBIN_STEPS);
  try {
    return enforcer.ask(rows, request);
  } catch (thrown) {
    error = thrown;
  } finally {
    endVerdict();
  }
  const row = error instanceof TooMuchEffort ? undefined : findFailing(enforcer, rows, request);
  return { allowed: false, row: undefined, failed: { row, error } };
}

function findFailing(
  enforcer: ReferenceEnforcer,
  rows: readonly PolicyRow[],
  request: readonly string[],
): PolicyRow | undefined {
  return rows.find((row) => {
    try {
      enforcer.ask([row], request);
      return false;
    } catch {
      return true;
    }
  });
}

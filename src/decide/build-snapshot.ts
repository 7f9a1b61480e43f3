/** Builds a snapshot aside from a policy document: everything is checked again before it is used. */
import { setImmediate as turn } from 'node:timers/promises';
import { checkGrants } from './check-grants.ts';
import { checkModel } from './check-model.ts';
import { createConditionReader } from './read-condition.ts';
import { createReferenceEnforcer } from './reference-enforcer.ts';
import { createRoleIndex, implicitRole } from './role-index.ts';
import { createSlices, serverOf } from './slices.ts';
import { createSnapshot } from './snapshot.ts';
import { define, FUNCTIONS } from './functions/functions.ts';
import { pathLeads } from './functions/path-match.ts';
import { policyRow } from './policy-row.ts';
import type { Clock } from '../core/clock.ts';
import type { PolicyDocument } from '../core/policy.ts';
import type { Snapshot } from './decider.ts';
import type { PolicyRow } from './policy-row.ts';

export interface BuildDeps {
  readonly clock: Clock;
  readonly allowDefaultAllow: boolean;
}

/** Rules compiled between two turns of the event loop, so that building does not hold requests up. */
const BATCH = 2000;

const LEADS_FUNCTIONS = FUNCTIONS.map((entry) =>
  entry.name === 'pathMatch' ? define('pathMatch', entry.parameters, pathLeads) : entry,
);

/** Throws `MODEL_INVALID` (with every rule and grant that does not fit), `ROLE_CYCLE` or `ROLE_DEPTH`. */
export async function buildSnapshot(document: PolicyDocument, deps: BuildDeps): Promise<Snapshot> {
  const { clock, allowDefaultAllow } = deps;
  const { grants } = document;
  checkGrants(grants);
  const model = checkModel(document.model.text, document.rules, { allowDefaultAllow, grants });
  const readCondition = createConditionReader(model);
  const roles = createRoleIndex(grants);
  const holds = (subject: string, role: string, server: string) =>
    roles.closure(subject, serverOf(model, { server }), clock.now()).held.has(role);
  const enforcer = await createReferenceEnforcer(model, { functions: FUNCTIONS, holds });
  const leadsEnforcer = await createReferenceEnforcer(model, { functions: LEADS_FUNCTIONS, holds });
  const rows: PolicyRow[] = [];
  for (const [index, rule] of [...document.rules].sort((a, b) => a.id - b.id).entries()) {
    if (index % BATCH === BATCH - 1) await turn();
    rows.push(policyRow(rule, model, readCondition));
  }
  const slice = createSlices(model, enforcer.inOrder(rows, linksOf(document)), roles);
  return createSnapshot({
    document,
    model,
    clock,
    roles,
    slice,
    enforcer,
    leadsEnforcer,
    holds,
    readCondition,
  });
}

/** Who holds which role where, as Casbin's `g` rows: what needs no grant first, then every grant whatever its times. */
function linksOf(document: PolicyDocument): string[][] {
  const subjects = new Set([
    ...document.rules.map((rule) => rule.fields['sub'] ?? ''),
    ...document.grants.map((grant) => grant.subject),
  ]);
  const implicit = [...subjects].flatMap((subject) => {
    const role = implicitRole(subject);
    return role === undefined ? [] : [[subject, role, '*']];
  });
  return [...implicit, ...document.grants.map(({ subject, role, server }) => [subject, role, server])];
}

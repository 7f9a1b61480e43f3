/** The roles of a policy with all they bring, from the smallest to the largest. */
import { EVERYONE_ROLE } from '../../core/identity.ts';
import { ACTIONS, GATE_RESOURCES, JUPYTER_RESOURCES } from '../../core/labels.ts';
import { isRole } from '../../core/names.ts';
import type { GrantRecord, PolicyDocument, RuleRecord } from '../../core/policy.ts';
import { isLent } from '../lent-roles/lent-role.ts';

export interface SizedRole {
  readonly name: string;
  /** The role and all it holds. */
  readonly held: ReadonlySet<string>;
  /** Their rules. */
  readonly rules: readonly RuleRecord[];
}

interface Size {
  readonly isGate: boolean;
  readonly rights: number;
  readonly rules: number;
}

const EVERYWHERE = new Set(['**', '/**']);

/**
 * A right is an action on a resource; one that holds on certain paths only counts half. Roles with rights over the gate
 * itself come last. Roles made for one invitation or request, and what everybody holds, are left out.
 */
export function rolesBySize(document: PolicyDocument): readonly SizedRole[] {
  const rulesOf = grouped(document.rules, (rule) => rule.fields['sub'] ?? '');
  const grantsOf = grouped(
    document.grants.filter(({ subject, role }) => isRole(subject) && isRole(role)),
    (grant) => grant.subject,
  );
  const names = [...rulesOf.keys(), ...grantsOf.keys()].filter(
    (name) => isRole(name) && name !== EVERYONE_ROLE && !isLent(name),
  );
  const roles = [...new Set(names)].map((name) => {
    const held = closure(name, grantsOf);
    const rules = [...held].flatMap((role) => rulesOf.get(role) ?? []);
    return { name, held, rules, size: sizeOf(rules) };
  });
  return roles.sort(
    (a, b) =>
      Number(a.size.isGate) - Number(b.size.isGate) ||
      a.size.rights - b.size.rights ||
      a.size.rules - b.size.rules ||
      (a.name < b.name ? -1 : 1),
  );
}

function sizeOf(rules: readonly RuleRecord[]): Size {
  const rights = new Map<string, number>();
  let isGate = false;
  for (const { fields } of rules) {
    if (fields['eft'] === 'deny') continue;
    const weight = EVERYWHERE.has(fields['path'] ?? '**') ? 1 : 0.5;
    for (const res of labels(fields['res'] ?? '*', JUPYTER_RESOURCES)) {
      isGate ||= res.startsWith('gate:');
      for (const act of labels(fields['act'] ?? '*', ACTIONS)) {
        const right = `${act} ${res}`;
        rights.set(right, Math.max(weight, rights.get(right) ?? 0));
      }
    }
  }
  const sum = [...rights.values()].reduce((total, weight) => total + weight, 0);
  return { isGate, rights: sum, rules: rules.length };
}

function labels(pattern: string, all: readonly string[]): readonly string[] {
  return pattern
    .split('|')
    .flatMap((part) => (part === '*' ? all : part === 'gate:*' ? GATE_RESOURCES : [part]));
}

function closure(name: string, grantsOf: ReadonlyMap<string, readonly GrantRecord[]>): Set<string> {
  const held = new Set([name]);
  for (const role of held) for (const grant of grantsOf.get(role) ?? []) held.add(grant.role);
  return held;
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(keyOf(row));
    if (group === undefined) groups.set(keyOf(row), [row]);
    else group.push(row);
  }
  return groups;
}

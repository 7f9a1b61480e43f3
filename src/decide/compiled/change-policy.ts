/** A compiled policy after a change of a few rules, which shares the rest with the one before. */
import { addToGroup, removeFromGroup } from './rule-group.ts';
import { changedPatternIndex } from './pattern-index.ts';
import { groupNamed, groupOf, optionsOf, roleNumber } from './compiled-policy.ts';
import { withEntry, withoutEntry } from './persistent-map.ts';
import { withItem } from './persistent-array.ts';
import type { PolicyRow } from '../policy-row.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { Edit } from './persistent-map.ts';
import type { RuleGroup } from './rule-group.ts';

/** `policy` without the rules `removed`, which are in it, and with `added`. */
export function changedPolicy(
  policy: CompiledPolicy,
  { removed, added }: { readonly removed: readonly PolicyRow[]; readonly added: readonly PolicyRow[] },
): CompiledPolicy {
  const edit = Symbol('change');
  let changed = policy;
  for (const row of removed) changed = withoutRow(changed, row, edit);
  for (const row of added) changed = withRow(changed, row, edit);
  return changed;
}

function withRow(policy: CompiledPolicy, row: PolicyRow, edit: Edit): CompiledPolicy {
  const name = groupOf(policy.model, row.subject);
  const placed = policy.place(row);
  const group = addToGroup(groupNamed(policy, name), placed, optionsOf(policy, edit));
  const byPattern =
    policy.byPattern && changedPatternIndex(policy.byPattern, placed, { edit, isAdded: true });
  return { ...withGroup(policy, name, { group, edit }), size: policy.size + 1, byPattern };
}

function withoutRow(policy: CompiledPolicy, row: PolicyRow, edit: Edit): CompiledPolicy {
  const name = groupOf(policy.model, row.subject);
  const before = groupNamed(policy, name);
  const size = policy.size - 1;
  if (before === undefined) return { ...policy, size };
  const placed = policy.place(row);
  const group = removeFromGroup(before, placed, optionsOf(policy, edit));
  const byPattern =
    policy.byPattern && changedPatternIndex(policy.byPattern, placed, { edit, isAdded: false });
  return { ...withGroup(policy, name, { group, edit }), size, byPattern };
}

/** `policy` with another group for a name, or none. */
function withGroup(
  policy: CompiledPolicy,
  name: string,
  { group, edit }: { readonly group: RuleGroup | undefined; readonly edit: Edit },
): CompiledPolicy {
  const { ofPeople, ofRoles } = policy;
  const role = roleNumber(policy, name);
  if (role !== undefined) return { ...policy, ofRoles: withItem(ofRoles, role, group) };
  return {
    ...policy,
    ofPeople:
      group === undefined ? withoutEntry(ofPeople, name, edit) : withEntry(ofPeople, name, group, edit),
  };
}

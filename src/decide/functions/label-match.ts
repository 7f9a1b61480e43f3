/** `labelMatch(x, pattern)`: whether a label (server, resource, action, …) is one a rule names. */

import { spend } from '../effort.ts';

/** Labels of the gate's own administration begin so. */
export const GATE_PREFIX = 'gate:';

/**
 * Whether `label` equals `pattern`, or one part of a `read|write` list does. `*` is any label but those of the gate's own
 * administration, which only their name or `gate:*` reach.
 */
export function labelMatch(label: string, pattern: string): boolean {
  if (!pattern.includes('|')) return partMatches(label, pattern);
  spend(pattern.length);
  return pattern.split('|').some((part) => partMatches(label, part));
}

/** Whether every label that `inner` matches is matched by `outer` too. */
export function labelCovers(outer: string, inner: string): boolean {
  const parts = outer.split('|');
  return inner.split('|').every((label) => parts.some((part) => part === label || partMatches(label, part)));
}

/** Whether some label may match both patterns. */
export function labelsOverlap(one: string, other: string): boolean {
  const others = other.split('|');
  return one.split('|').some((a) => others.some((b) => a === b || partMatches(a, b) || partMatches(b, a)));
}

function partMatches(label: string, part: string): boolean {
  if (label === part) return true;
  if (part === '*') return !label.startsWith(GATE_PREFIX);
  return part === 'gate:*' && label.startsWith(GATE_PREFIX);
}

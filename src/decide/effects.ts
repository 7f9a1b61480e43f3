/** The five policy effects Casbin knows, by their exact text. */

export type Effect = 'allow-override' | 'deny-override' | 'allow-and-deny' | 'priority' | 'subject-priority';

const EFFECTS: Readonly<Record<string, Effect>> = {
  'some(where (p.eft == allow))': 'allow-override',
  '!some(where (p.eft == deny))': 'deny-override',
  'some(where (p.eft == allow)) && !some(where (p.eft == deny))': 'allow-and-deny',
  'priority(p.eft) || deny': 'priority',
  'subjectPriority(p.eft) || deny': 'subject-priority',
};

export const EFFECT_TEXTS = Object.keys(EFFECTS);

/** The effect that is written so, or `undefined`. */
export function findEffect(text: string): Effect | undefined {
  return Object.hasOwn(EFFECTS, text) ? EFFECTS[text] : undefined;
}

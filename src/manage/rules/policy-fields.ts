/** Reads which fields a model's rules have. */

const DEFINITION = /^\s*p\s*=(.*)$/m;

/** The names of the `p = …` line of a checked model, in its order. */
export function policyFields(modelText: string): readonly string[] {
  const section = modelText.split(/^\s*\[policy_definition\]\s*$/m)[1] ?? '';
  const line = DEFINITION.exec(section)?.[1] ?? '';
  return line.split(',').map((field) => field.trim()).filter((field) => field !== '');
}

/** Checks input against a row's schema and says for each field what is wrong. */
import type { z } from 'zod';
import type { FieldProblem } from '../core/errors.ts';
import { AppError } from '../core/errors.ts';

/** The parsed input. Throws `INPUT_INVALID`; `prefix` begins the place of each problem. Without a schema nothing is read. */
export function validated<Schema extends z.ZodType>(
  schema: Schema | undefined,
  input: unknown,
  prefix: string,
): z.output<Schema> {
  if (schema === undefined) return undefined as z.output<Schema>;
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  const problems = result.error.issues.flatMap((issue) => problemsOf(issue, prefix));
  throw new AppError('INPUT_INVALID', { problems });
}

function problemsOf(issue: z.core.$ZodIssue, prefix: string): FieldProblem[] {
  const path = [...(prefix === '' ? [] : [prefix]), ...issue.path.map(String)];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ at: [...path, key].join('.'), message: 'unknown field' }));
  }
  if (issue.code === 'invalid_union') {
    // The alternative that came closest says most.
    const closest = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? [];
    if (closest.length > 0) return closest.flatMap((inner) => problemsOf(inner, path.join('.')));
  }
  return [{ at: path.join('.'), message: plain(issue.message) + received(issue) }];
}

/** Numbers and words of a list alone: any other text may be a password. */
function received({ code, input, message }: z.core.$ZodIssue): string {
  const isShown = typeof input === 'number' || (typeof input === 'string' && code === 'invalid_value');
  return isShown && !message.includes('received') ? `, received \`${String(input).slice(0, 80)}\`` : '';
}

/** In the tone of the gate's own messages: lower case, no `Invalid input:` before it. */
function plain(message: string): string {
  const text = message.replace(/^Invalid input: /, '');
  return text.slice(0, 1).toLowerCase() + text.slice(1);
}

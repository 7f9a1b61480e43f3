/** Helpers for reading the fields of a JSON body: nothing unknown passes, and the answer says what would. */
import { z } from 'zod';
import { AppError } from '../core/errors.ts';
import type { FieldProblem } from '../core/errors.ts';
import type { BodyReader } from './route.ts';

/** `body` as the schema describes it. Throws `BODY_INVALID` naming every field that is wrong. */
export function readFields<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape, z.core.$strict>,
  body: unknown,
): z.output<z.ZodObject<Shape, z.core.$strict>> {
  const result = schema.safeParse(body);
  if (result.success) return result.data;
  const expected = Object.keys(schema.shape)
    .map((key) => `\`${key}\``)
    .join(', ');
  const problems = result.error.issues.map((issue) => problemOf(issue, expected));
  const detail = problems
    .map(({ at, message }) => (at === '' ? message : `\`${at}\`: ${message}`))
    .join('; ');
  throw new AppError('BODY_INVALID', { detail, problems });
}

function problemOf(issue: z.core.$ZodIssue, expected: string): FieldProblem {
  const at = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    const received = issue.keys.map((key) => `\`${key.slice(0, 60)}\``).join(', ');
    return {
      at,
      message: at === '' ? `expected only ${expected}, received ${received}` : `unknown field ${received}`,
    };
  }
  return { at, message: issue.message.replace(/^Invalid input: /, '') };
}

/** Throws `BODY_INVALID` with a sentence of its own when one of `fields` was sent. */
export function refuseFields(body: unknown, fields: readonly string[], why: string): void {
  if (typeof body !== 'object' || body === null) return;
  for (const field of fields) {
    const value: unknown = Object.hasOwn(body, field) ? Reflect.get(body, field) : undefined;
    if (value !== undefined && value !== null) {
      throw new AppError('BODY_INVALID', {
        detail: `\`${field}\` ${why}`,
        problems: [{ at: field, message: why }],
      });
    }
  }
}

/** For routes that act without a body; an empty object is what some clients send for "nothing". */
export const noFields: BodyReader = (body) => {
  if (body !== undefined) readFields(z.strictObject({}), body);
  return { body: undefined };
};

/** Any JSON object, sent on as it is: nothing in it names a second object. */
export const anyObject: BodyReader = (body) => {
  if (typeof body === 'object' && body !== null && !Array.isArray(body)) return { body };
  throw new AppError('BODY_INVALID', { detail: 'expected a JSON object' });
};

/** A reader that takes exactly the fields of `schema` and sends them on. */
export function onlyFields<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape, z.core.$strict>,
): BodyReader {
  return (body) => ({ body: readFields(schema, body) });
}

// eslint-disable-next-line no-control-regex -- the point is to refuse them
const CONTROL = /[\u0000-\u001f\u007f]/u;

/** One line of text for a person. */
export const label = z
  .string()
  .max(1024)
  .refine((text) => !CONTROL.test(text), 'expected no control characters');

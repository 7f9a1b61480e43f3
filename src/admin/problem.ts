/** Errors as `application/problem+json` (RFC 9457). */
import type { Context } from 'koa';
import { z } from 'zod';
import { asAppError } from '../core/errors.ts';

export const problemSchema = z.object({
  type: z.string().meta({ description: 'URN made of the code' }),
  title: z.string().meta({ description: 'what happened, the same for each code' }),
  status: z.int(),
  code: z.string().meta({ description: 'stable name, see docs/errors.md' }),
  hint: z.string().meta({ description: 'what can be done about it' }),
  detail: z.string().optional().meta({ description: 'what was expected and what was received' }),
  errors: z
    .array(z.object({ at: z.string(), message: z.string() }))
    .optional()
    .meta({ description: 'one entry for each field or line that is wrong' }),
});
export type Problem = z.infer<typeof problemSchema>;

/** Answers with `error`; what is not one of ours is `INTERNAL`. */
export function answerProblem(ctx: Context, thrown: unknown): void {
  const error = asAppError(thrown);
  const problem: Problem = {
    type: `urn:jupyter-gate:error:${error.code}`,
    title: error.message,
    status: error.status,
    code: error.code,
    hint: error.hint,
    ...(error.detail === undefined ? {} : { detail: error.detail }),
    ...(error.problems.length === 0 ? {} : { errors: [...error.problems] }),
  };
  ctx.status = error.status;
  ctx.body = JSON.stringify(problem);
  ctx.type = 'application/problem+json';
  if (error.status === 401) ctx.set('WWW-Authenticate', 'Bearer realm="jupyter-gate admin"');
  // What is left of a refused body must not be read as the next request.
  if (error.code === 'BODY_TOO_LARGE') ctx.set('Connection', 'close');
}

/** The `routes` of gate.yaml: addresses of Jupyter extensions that the gate's own table does not know. */
import { z } from 'zod';
import { ACTIONS, JUPYTER_RESOURCES } from '../core/labels.ts';
import type { ExtraRouteConfig } from './config.ts';
import type { Kind } from './kinds.ts';

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

const schema: z.ZodType<readonly ExtraRouteConfig[]> = z
  .array(
    z.strictObject({
      pattern: z.string().regex(/^\/[^\s?#]*$/, 'expected a path that begins with `/`'),
      methods: z.array(z.enum(METHODS)).min(1).default(['GET']),
      resource: z.enum(JUPYTER_RESOURCES),
      action: z.enum(ACTIONS),
      websocket: z.boolean().default(false),
    }),
  )
  .max(500);

/** Extra routes; `problems` tells which entry is wrong and why. */
export const extraRoutes: Kind<readonly ExtraRouteConfig[]> & {
  problems(input: unknown): readonly string[];
} = {
  expected: 'a list of `{ pattern, methods, resource, action, websocket }`',
  placeholder: 'LIST',
  many: true,
  read: (input) => schema.safeParse(input).data,
  show: (routes) => (routes.length === 0 ? '' : `${routes.length} described`),
  problems(input) {
    const result = schema.safeParse(input);
    return result.success
      ? []
      : result.error.issues.map((issue) => `\`routes.${issue.path.join('.')}\`: ${issue.message}`);
  },
};

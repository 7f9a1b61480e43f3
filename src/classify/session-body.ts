/** Bodies of `POST` and `PATCH /api/sessions`: which notebook, which kernel (jupyter_server/services/sessions/handlers.py). */
import { z } from 'zod';
import { canonicalPath, jupyterPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import { AppError } from '../core/errors.ts';
import { label, readFields } from './body-fields.ts';
import type { BodyReader } from './route.ts';
import { askedPath } from './session-path.ts';

const kernel = z.strictObject({
  id: z
    .string()
    .regex(/^[\w-]{0,128}$/, 'expected the id of a kernel')
    .nullish(),
  name: z
    .string()
    .regex(/^[\w.-]{0,128}$/, 'expected the name of a kernelspec')
    .nullish(),
  // Clients hand a whole kernel model back; upstream reads nothing but id and name.
  last_activity: z.unknown().optional(),
  execution_state: z.unknown().optional(),
  connections: z.unknown().optional(),
  reason: z.unknown().optional(),
});

const session = z.strictObject({
  id: z.string().nullish(),
  path: z.string().optional(),
  name: label.nullish(),
  type: label.nullish(),
  kernel: kernel.nullish(),
  notebook: z.strictObject({ path: z.string().optional(), name: z.string().optional() }).nullish(),
});

type SessionFields = z.output<typeof session>;

export const readNewSession: BodyReader = (body) => {
  const fields = readFields(session, body);
  // Upstream lets the legacy name win over the legacy path, and both over `path`.
  const given = fields.notebook?.name ?? fields.notebook?.path ?? fields.path;
  if (given === undefined) throw new AppError('BODY_INVALID', { detail: 'expected `path`, received none' });
  const type = fields.notebook ? 'notebook' : fields.type;
  if (!type) throw new AppError('BODY_INVALID', { detail: 'expected `type`, received none' });
  const path = canonicalPath(given);
  return {
    body: { path: jupyterPath(path), type, ...nameOf(fields), ...kernelOf(fields, 'both') },
    ...parts(fields, path),
  };
};

export const readSessionChange: BodyReader = (body, { params }) => {
  const fields = readFields(session, body);
  if (fields.id && fields.id !== params['session']) {
    throw new AppError('BODY_INVALID', { detail: 'expected `id` to be the session of the address' });
  }
  const given = fields.notebook?.path ?? fields.path;
  const type = fields.notebook?.path === undefined ? fields.type : 'notebook';
  const path = given === undefined ? undefined : canonicalPath(given);
  return {
    body: {
      ...(path === undefined ? {} : { path: jupyterPath(path) }),
      ...(type ? { type } : {}),
      ...nameOf(fields),
      ...kernelOf(fields, 'id first'),
    },
    ...parts(fields, path),
  };
};

function nameOf({ name }: SessionFields): { readonly name?: string } {
  return name === undefined || name === null ? {} : { name };
}

/** On a change upstream takes the id and ignores the name beside it. */
function kernelOf(fields: SessionFields, take: 'both' | 'id first'): { readonly kernel?: object } {
  const { id, name } = fields.kernel ?? {};
  if (!id && !name) return {};
  if (id && take === 'id first') return { kernel: { id } };
  return { kernel: { ...(id ? { id } : {}), ...(name ? { name } : {}) } };
}

function parts(
  fields: SessionFields,
  path: CanonicalPath | undefined,
): { params: Record<string, string>; paths: Record<string, CanonicalPath> } {
  const { id, name } = fields.kernel ?? {};
  return {
    params: {
      ...(id ? { kernel: id } : {}),
      ...(name && !id ? { kernel_name: name } : {}),
    },
    paths: path === undefined ? {} : { notebook: askedPath(path, fields.name ?? undefined) },
  };
}

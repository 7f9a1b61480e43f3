/**
 * Made-up events (`POST /api/events`). Whoever listens takes them for what happened: jupyter_server_fileid moves the id of a
 * file to the path of a rename, and with it the room of its document. So an event counts as what it says was done.
 */
import { z } from 'zod';
import { canonicalPath, jupyterPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import { AppError } from '../core/errors.ts';
import { readFields } from './body-fields.ts';
import type { BodyReader, BodyReading } from './route.ts';

const SCHEMAS = 'https://events.jupyter.org/jupyter_server/';
const event = z.strictObject({
  schema_id: z.string(),
  version: z.union([z.string(), z.number()]),
  data: z.record(z.string(), z.unknown()),
  timestamp: z.string().max(64).optional(),
});
const contents = z.strictObject({
  action: z.enum(['get', 'create', 'save', 'upload', 'rename', 'copy', 'delete']),
  path: z.string(),
  source_path: z.string().optional(),
});
const kernel = z.strictObject({
  action: z.enum(['start', 'interrupt', 'shutdown', 'restart']),
  kernel_id: z.string().regex(/^[\w-]{1,128}$/, 'expected the id of a kernel'),
  kernel_name: z.string().max(128).optional(),
  status: z.enum(['error', 'success']).optional(),
  status_code: z.number().optional(),
  msg: z.string().max(4096),
});

/** Parts: `destination` and `source` of an event about files, `kernel` of one about kernels. Throws `BODY_INVALID` for others. */
export const readEvent: BodyReader = (body) => {
  const envelope = readFields(event, body);
  const { data, ...parts } = readData(envelope.schema_id, envelope.data);
  return { body: { ...envelope, data }, ...parts };
};

type EventData = Omit<BodyReading, 'body'> & { readonly data: unknown };

function readData(schema: string, data: unknown): EventData {
  if (schema === `${SCHEMAS}contents_service/v1`) return readContents(data);
  if (schema === `${SCHEMAS}kernel_actions/v1`) {
    const fields = readFields(kernel, data);
    return { data: fields, params: { kernel: fields.kernel_id } };
  }
  throw new AppError('BODY_INVALID', {
    detail: `expected an event of \`${SCHEMAS}contents_service/v1\` or \`kernel_actions/v1\`: what others make happen is not known`,
  });
}

function readContents(data: unknown): EventData {
  const fields = readFields(contents, data);
  const path = canonicalPath(fields.path);
  const source = fields.source_path === undefined ? undefined : canonicalPath(fields.source_path);
  const paths: Record<string, CanonicalPath> = {
    destination: path,
    ...(source === undefined ? {} : { source }),
  };
  return {
    data: {
      action: fields.action,
      path: jupyterPath(path),
      ...(source === undefined ? {} : { source_path: jupyterPath(source) }),
    },
    paths,
  };
}

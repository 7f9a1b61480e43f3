/** Frames of the event socket (`/api/events/subscribe`), which tells everybody about everybody's files and kernels. */
import type { Asker } from './presenter.ts';
import { pathOrNone } from './ownership.ts';
import { isObject } from './reply.ts';
import type { JsonObject } from './reply.ts';

const SCHEMAS = 'https://events.jupyter.org/jupyter_server/';

/**
 * The frame as this person may see it, re-serialised from what was checked; undefined drops it. Only the two schemas
 * whose subject can be asked about pass.
 */
export async function filterEvent(text: string, asker: Asker): Promise<string | undefined> {
  const event = parse(text);
  if (event === undefined) return undefined;
  if (event['schema_id'] === `${SCHEMAS}contents_service/v1`)
    return (await mayReadPaths(event, asker)) ? JSON.stringify(event) : undefined;
  if (event['schema_id'] === `${SCHEMAS}kernel_actions/v1`)
    return (await mayReadKernel(event, asker)) ? JSON.stringify(event) : undefined;
  return undefined;
}

async function mayReadPaths(event: JsonObject, asker: Asker): Promise<boolean> {
  const paths = 'source_path' in event ? [event['path'], event['source_path']] : [event['path']];
  for (const path of paths.map(pathOrNone)) {
    if (path === '' || !(await asker.may('contents', 'read', path))) return false;
  }
  return true;
}

async function mayReadKernel(event: JsonObject, asker: Asker): Promise<boolean> {
  const id = event['kernel_id'];
  return typeof id === 'string' && asker.mayObject('kernels', 'read', { kind: 'kernel', id });
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

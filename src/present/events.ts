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
export function filterEvent(text: string, asker: Asker): string | undefined {
  const event = parse(text);
  if (event === undefined) return undefined;
  if (event['schema_id'] === `${SCHEMAS}contents_service/v1`)
    return mayReadPaths(event, asker) ? JSON.stringify(event) : undefined;
  if (event['schema_id'] === `${SCHEMAS}kernel_actions/v1`)
    return mayReadKernel(event, asker) ? JSON.stringify(event) : undefined;
  return undefined;
}

function mayReadPaths(event: JsonObject, asker: Asker): boolean {
  const paths = 'source_path' in event ? [event['path'], event['source_path']] : [event['path']];
  return paths.every((path) => {
    const canonical = pathOrNone(path);
    return canonical !== '' && asker.may('contents', 'read', canonical);
  });
}

function mayReadKernel(event: JsonObject, asker: Asker): boolean {
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

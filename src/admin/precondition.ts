/** `If-Match` and `If-None-Match` on writes, checked inside the write's own transaction. */
import type { IncomingHttpHeaders } from 'node:http';
import { AppError } from '../core/errors.ts';
import type { Repositories } from '../store/store.ts';
import type { AdminServices, Endpoint, Params } from './endpoint.ts';
import { etagOf, namesTag } from './etag.ts';

interface Target {
  readonly params: Params;
  readonly services: AdminServices;
}

/** Undefined when the request makes no condition. The check throws `PRECONDITION_FAILED`. */
export function preconditionOf(
  row: Endpoint,
  headers: IncomingHttpHeaders,
  target: Target,
): ((tx: Repositories) => Promise<void>) | undefined {
  const { 'if-match': wanted, 'if-none-match': unwanted } = headers;
  const { represent } = row;
  if (wanted === undefined && unwanted === undefined) return undefined;
  if (represent === undefined) {
    throw new AppError('PRECONDITION_FAILED', { detail: 'this address has no entity tag to compare with' });
  }
  return async (tx) => {
    const tag = await tagOrUndefined(() => represent(tx, target.params, target.services));
    if (wanted !== undefined && !namesTag(wanted, tag)) throw failed(wanted, tag);
    if (unwanted !== undefined && namesTag(unwanted, tag)) throw failed(unwanted, tag);
  };
}

async function tagOrUndefined(represent: () => Promise<unknown>): Promise<string | undefined> {
  try {
    return etagOf(await represent());
  } catch (error) {
    if (error instanceof AppError && error.status === 404) return undefined;
    throw error;
  }
}

function failed(condition: string, tag: string | undefined): AppError {
  return new AppError('PRECONDITION_FAILED', {
    detail: `received \`${condition}\`, the tag is \`${tag ?? 'none'}\``,
  });
}

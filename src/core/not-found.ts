/**
 * What answers for a thing that may not be seen: word for word what answers when it is not there, whoever of the two,
 * gate or Jupyter Server, found that out.
 */
import { errorAnswer } from './answer.ts';
import { jupyterPath } from './canonical-path.ts';
import type { CanonicalPath } from './canonical-path.ts';
import { AppError } from './errors.ts';
import type { Answer } from './http.ts';
import type { ObjectKind, ObjectRef } from './question.ts';

/** What a request names: an object, or else a path. */
export interface Named {
  readonly object?: ObjectRef | undefined;
  readonly path: CanonicalPath | '';
}

/** The sentences of jupyter_server (services/…/*manager.py) and jupyter_server_terminals. */
const GONE: Readonly<Record<ObjectKind, (id: string) => string>> = {
  kernel: (id) => `Kernel does not exist: ${id}`,
  session: (id) => `Session not found: session_id=${id}`,
  terminal: (id) => `Terminal not found: ${id}`,
};

/** `NOT_FOUND` in Jupyter's own words; in the gate's where nothing is named. */
export function notFound({ object, path }: Named): AppError {
  if (object !== undefined) return new AppError('NOT_FOUND', { message: GONE[object.kind](object.id) });
  if (path === '') return new AppError('NOT_FOUND');
  return new AppError('NOT_FOUND', { message: `file or directory does not exist: '${jupyterPath(path)}'` });
}

/** Its JSON form, of Jupyter's shape. */
export function notFoundAnswer(error: AppError): Answer {
  return errorAnswer(error, { reason: null });
}

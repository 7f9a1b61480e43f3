/** The kernel that ends when a session does: a second object, which only the registry can name. */
import type { Classified } from '../core/classified.ts';
import type { ObjectRegistry } from '../core/objects.ts';
import type { QuestionDraft } from '../core/question.ts';

/**
 * Deleting a session ends its kernel, and so does giving it another one, whoever else works on that kernel (`SessionHandler`
 * in jupyter_server/services/sessions/handlers.py). Somebody may run on a shared kernel without being the one to end it.
 * Empty when nothing ends, or what ends is gone already.
 */
export function endedKernel(
  registry: Pick<ObjectRegistry, 'lookup'>,
  { route, params }: Pick<Classified, 'route' | 'params'>,
): readonly QuestionDraft[] {
  const { session, kernel, kernel_name: spec } = params;
  const ends = route === 'sessions.delete' || (route === 'sessions.change' && (kernel ?? spec) !== undefined);
  if (!ends || session === undefined) return [];
  const id = registry.lookup('session', session)?.kernelId ?? undefined;
  if (id === undefined || id === kernel || registry.lookup('kernel', id) === undefined) return [];
  return [{ res: 'kernels', act: 'write', path: '', object: { kind: 'kernel', id } }];
}

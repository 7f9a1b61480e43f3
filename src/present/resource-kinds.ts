/** What stands behind a resource, where an answer of no special kind depends on it. */
import type { Classified } from '../core/classified.ts';

/** What people and programs wrote themselves: streamed, whatever it holds, and opened by people as it is. */
const WRITTEN_BY_PEOPLE: readonly string[] = ['files', 'nbconvert', 'proxy', 'static'];

/** Whether the body is passed on as it is. */
export function isAsItIs({ presentation, resource }: Classified): boolean {
  return presentation === 'none' && WRITTEN_BY_PEOPLE.includes(resource);
}

/** Whether a person opens the address; the rest is read by programs. */
export function isForPeople(classified: Classified): boolean {
  const { presentation, resource } = classified;
  return presentation === 'page' || isAsItIs(classified) || (presentation === 'none' && resource === 'pages');
}

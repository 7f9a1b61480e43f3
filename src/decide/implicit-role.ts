/** What is held without any grant, and what may be held. */
import { ANONYMOUS, EVERYONE_ROLE } from '../core/identity.ts';
import { isGuest, isRole } from '../core/names.ts';

/** The role a subject holds without any grant, or `undefined`: everybody signed in is `role:everyone`, guests are `anonymous`. */
export function implicitRole(subject: string): string | undefined {
  if (isGuest(subject)) return ANONYMOUS;
  return subject === '' || subject === ANONYMOUS || subject.includes(':') ? undefined : EVERYONE_ROLE;
}

/** Whether somebody may hold what `subject` holds: guests hold what `anonymous` does. */
export function isHeldFurther(subject: string): boolean {
  return isRole(subject) || subject === ANONYMOUS;
}

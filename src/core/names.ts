/**
 * Names of subjects. Casbin's `g` treats equal names as the same subject, so users, roles, guests and the gate itself
 * live in name spaces that cannot meet.
 */
import { AppError } from './errors.ts';
import { ANONYMOUS } from './identity.ts';

const USER = /^[a-z0-9][a-z0-9._@+-]{0,63}$/;
const RESERVED = new Set([
  ANONYMOUS,
  'everyone',
  'gate',
  'guest',
  'root',
  'role',
  'user',
  'me',
  'self',
  'null',
  'undefined',
]);

export const ROLE_PREFIX = 'role:';
export const GUEST_PREFIX = 'guest:';

/** A user name in its stored form: NFC, lower case. Throws `NAME_INVALID`. */
export function userName(input: string): string {
  const name = input.normalize('NFC').toLowerCase();
  if (!USER.test(name)) {
    throw new AppError('NAME_INVALID', { detail: `received ${JSON.stringify(input.slice(0, 80))}` });
  }
  if (RESERVED.has(name)) throw new AppError('NAME_INVALID', { detail: `\`${name}\` is reserved` });
  return name;
}

/** A role name with its prefix; accepts `viewer` for `role:viewer`. Throws `NAME_INVALID`. */
export function roleName(input: string): string {
  const bare = (input.startsWith(ROLE_PREFIX) ? input.slice(ROLE_PREFIX.length) : input)
    .normalize('NFC')
    .toLowerCase();
  if (!USER.test(bare)) {
    throw new AppError('NAME_INVALID', {
      detail: `received ${JSON.stringify(input.slice(0, 80))} for a role`,
    });
  }
  return ROLE_PREFIX + bare;
}

/** A subject of a grant or rule: user, `role:…` or `anonymous`. Throws `NAME_INVALID`. */
export function subjectName(input: string): string {
  if (input === ANONYMOUS) return ANONYMOUS;
  return input.startsWith(ROLE_PREFIX) ? roleName(input) : userName(input);
}

/** A server label: `*` or a plain name. Throws `NAME_INVALID`. */
export function serverName(input: string): string {
  if (input === '*' || USER.test(input)) return input;
  throw new AppError('NAME_INVALID', {
    detail: `received ${JSON.stringify(input.slice(0, 80))} for a server`,
  });
}

/** Whether `subject` is a role. */
export function isRole(subject: string): boolean {
  return subject.startsWith(ROLE_PREFIX);
}

/** Whether `subject` is an anonymous browser. */
export function isGuest(subject: string): boolean {
  return subject.startsWith(GUEST_PREFIX);
}

/** Roles made for one invitation or one request, which nobody else is to be given. */

const LENT = /^role:(?:invite|request)-/;
const REQUEST_PREFIX = 'role:request-';

export function isLent(role: string): boolean {
  return LENT.test(role);
}

/** Whether the role was made for a request. */
export function isOfRequest(role: string): boolean {
  return role.startsWith(REQUEST_PREFIX);
}

/** Name of the role of the request with this id. */
export function roleOfRequest(id: number): string {
  return `${REQUEST_PREFIX}${id}`;
}

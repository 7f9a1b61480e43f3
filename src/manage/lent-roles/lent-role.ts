/** Roles made for one invitation or one request, which nobody else is to be given. */

const INVITATION_PREFIX = 'role:invite-';
const REQUEST_PREFIX = 'role:request-';

export function isLent(role: string): boolean {
  return role.startsWith(INVITATION_PREFIX) || role.startsWith(REQUEST_PREFIX);
}

/** Name of the role of the request with this id. */
export function roleOfRequest(id: number): string {
  return `${REQUEST_PREFIX}${id}`;
}

/** Name of the role of the invitation with this id. */
export function roleOfInvitation(id: string): string {
  return `${INVITATION_PREFIX}${id}`;
}

/** The id of the invitation that the role was made for; undefined when it was made for none. */
export function invitationOfRole(role: string): string | undefined {
  return role.startsWith(INVITATION_PREFIX) ? role.slice(INVITATION_PREFIX.length) : undefined;
}

/** Lists the invitations, ended ones too, with who accepted them. */
import { AppError } from '../../core/errors.ts';
import type { Repositories } from '../../store/store.ts';
import type { Management } from '../management.ts';
import { readPage } from '../page.ts';
import type { Page, PageInput } from '../page.ts';
import { invitationView } from './invitation-view.ts';
import type { InvitationView } from './invitation-view.ts';

/** The cursor is the last id shown. */
export async function listInvitations(
  management: Management,
  page: PageInput<string>,
): Promise<Page<InvitationView, string>> {
  const { invitations } = management.store.read;
  const found = await readPage(
    page,
    (wanted) => invitations.list(wanted),
    ({ id }) => id,
  );
  const views = found.items.map(async (invitation) =>
    invitationView(invitation, await invitations.acceptances(invitation.id)),
  );
  return { items: await Promise.all(views), next: found.next };
}

/** Throws `INVITATION_UNKNOWN`. */
export async function showInvitation({ invitations }: Repositories, id: string): Promise<InvitationView> {
  const invitation = await invitations.find(id);
  if (invitation === undefined) throw new AppError('INVITATION_UNKNOWN', { detail: `received \`${id}\`` });
  return invitationView(invitation, await invitations.acceptances(id));
}

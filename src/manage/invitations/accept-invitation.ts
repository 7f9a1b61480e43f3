/** Looking at an invitation, and accepting it. */
import { randomBytes } from 'node:crypto';
import { hashSecret } from '../../authenticate/secrets.ts';
import { AppError } from '../../core/errors.ts';
import { ROOT_SUBJECT } from '../../core/identity.ts';
import type { InvitationRecord, Repositories, UserRecord } from '../../store/store.ts';
import { gateActor } from '../actor.ts';
import { putGrant } from '../grants/grant-role.ts';
import type { Management } from '../management.ts';
import { assertGives } from '../own-rights.ts';
import type { Edited } from '../policy-writer.ts';
import { requireUser } from '../require.ts';
import { guardedByAddress } from '../sign-in/guarded-by-address.ts';
import { openSession } from '../sign-in/open-session.ts';
import type { OpenedSession } from '../sign-in/open-session.ts';
import { recordRefusal } from '../sign-in/record-refusal.ts';
import type { SignInDeps } from '../sign-in/sign-in-deps.ts';
import { displayNameOf, nameFor } from './invited-name.ts';

export interface InvitationDeps {
  readonly management: Management;
  readonly signIn: SignInDeps;
}

export interface InvitationInput {
  readonly code: string;
  /** Where the browser is. */
  readonly address: string;
}

/** Who accepts: somebody who is signed in, or somebody new with the name others are to see. */
export type Guest = { readonly user: string } | { readonly displayName: string };

export interface Accepted {
  readonly user: string;
  /** For somebody new: the session that was opened, which lasts as long as the invitation. */
  readonly session: OpenedSession | undefined;
}

/** Shows it without using it up. Throws `INVITATION_INVALID` or `TOO_MANY_ATTEMPTS`. */
export async function previewInvitation(
  { management, signIn }: InvitationDeps,
  { code, address }: InvitationInput,
): Promise<InvitationRecord> {
  return guardedByAddress(signIn, address, async () => {
    const invitation = await usable(management, management.store.read, code);
    assertUsesLeft(invitation);
    return invitation;
  });
}

/**
 * Gives the role until the invitation ends. Accepting again changes nothing and counts once. Throws
 * `INVITATION_INVALID`, `TOO_MANY_ATTEMPTS`, `INPUT_INVALID` (no display name) or `DENIED_DISABLED`.
 */
export async function acceptInvitation(
  deps: InvitationDeps,
  input: InvitationInput & { readonly guest: Guest },
): Promise<Accepted> {
  const { management, signIn } = deps;
  const { code, address, guest } = input;
  const named = 'user' in guest ? guest : { displayName: displayNameOf(guest.displayName) };
  const refusal = { how: 'invitation', user: 'user' in guest ? guest.user : '', address } as const;
  const actor = { ...gateActor, address };
  const written = await guardedByAddress(signIn, address, () =>
    recordRefusal(signIn, refusal, () =>
      management.writer.change(actor, { what: 'invitation.accept', target: '' }, async (tx) =>
        accept(management, tx, { invitation: await usable(management, tx, code), guest: named, address }),
      ),
    ),
  );
  return written.result;
}

interface Accepting {
  readonly invitation: InvitationRecord;
  readonly guest: Guest;
  readonly address: string;
}

async function accept(
  management: Management,
  tx: Repositories,
  { invitation, guest, address }: Accepting,
): Promise<Edited<Accepted>> {
  const at = management.clock.now();
  const { id, expiresAt, grantedRole, server, uses } = invitation;
  const isNew = !('user' in guest);
  const user = isNew ? await addGuest(tx, guest.displayName, at) : await activeUser(tx, guest.user);
  const known = isNew ? [] : await tx.invitations.acceptances(id);
  if (known.some((acceptance) => acceptance.user === user.name))
    return { result: { user: user.name, session: undefined }, changed: false };
  assertUsesLeft(invitation);
  await tx.invitations.update(id, { uses: uses + 1 });
  await tx.invitations.accept({ invitation: id, user: user.name, createdUser: isNew, acceptedAt: at });
  const grant = { subject: user.name, role: grantedRole, server, expiresAt };
  await putGrant(tx, grant, { by: invitation.createdBy, at });
  const session = isNew
    ? await openSession({ clock: management.clock, sessionLifetime: expiresAt - at }, tx, {
        address,
        previous: undefined,
        user: user.name,
        how: 'invitation',
        notAfter: expiresAt,
      })
    : undefined;
  const after = { user: user.name, display_name: user.displayName, new: isNew, role: grantedRole };
  return { result: { user: user.name, session }, changed: true, target: id, after };
}

function assertUsesLeft({ maxUses, uses }: InvitationRecord): void {
  if (maxUses !== null && uses >= maxUses) throw new AppError('INVITATION_INVALID');
}

async function addGuest(tx: Repositories, displayName: string, createdAt: number): Promise<UserRecord> {
  for (;;) {
    const name = nameFor(displayName, randomBytes(3).toString('hex'));
    if ((await tx.users.find(name)) !== undefined) continue;
    const user = { name, displayName, active: true, passwordHash: null, createdAt, removedAt: null };
    await tx.users.insert(user);
    return user;
  }
}

async function activeUser(tx: Repositories, name: string): Promise<UserRecord> {
  const user = await requireUser(tx, name);
  if (!user.active) throw new AppError('DENIED_DISABLED');
  return user;
}

/** The invitation behind a code, while it is good. One whose maker has lost what it gives is not. */
async function usable(
  management: Management,
  repositories: Repositories,
  code: string,
): Promise<InvitationRecord> {
  const invitation = await repositories.invitations.findByHash(hashSecret(code));
  if (invitation === undefined || invitation.revokedAt !== null) throw new AppError('INVITATION_INVALID');
  if (invitation.endedAt !== null) throw new AppError('INVITATION_INVALID');
  if (invitation.expiresAt <= management.clock.now()) throw new AppError('INVITATION_INVALID');
  const { createdBy, grantedRole, server, expiresAt } = invitation;
  if ((await repositories.roles.find(grantedRole)) === undefined) throw new AppError('INVITATION_INVALID');
  if (createdBy === ROOT_SUBJECT) return invitation;
  try {
    const maker = await activeUser(repositories, createdBy);
    const actor = { subject: maker.name, roles: null, address: '' };
    assertGives(management, actor, { role: grantedRole, server, until: expiresAt });
  } catch (cause) {
    throw new AppError('INVITATION_INVALID', { cause });
  }
  return invitation;
}

/** Every migration, oldest first. Imported by name: a glob would find other files in `dist` than under tsx. */
import { CreateTables1795305600000 } from './1795305600000-create-tables.ts';
import { AddInvitations1795395600000 } from './1795395600000-add-invitations.ts';
import { AddSessionToken1795404000000 } from './1795404000000-add-session-token.ts';

export const migrations = [
  CreateTables1795305600000,
  AddInvitations1795395600000,
  AddSessionToken1795404000000,
];

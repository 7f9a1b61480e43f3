/** Every migration, oldest first. Imported by name: a glob would find other files in `dist` than under tsx. */
import { CreateTables1795305600000 } from './1795305600000-create-tables.ts';
import { AddInvitations1795395600000 } from './1795395600000-add-invitations.ts';
import { ChainAudit1795400000000 } from './1795400000000-chain-audit.ts';
import { AddAccessRequests1795401000000 } from './1795401000000-add-access-requests.ts';
import { AddWriters1795402000000 } from './1795402000000-add-writers.ts';
import { AddChannelSessions1795403000000 } from './1795403000000-add-channel-sessions.ts';
import { AddSessionToken1795404000000 } from './1795404000000-add-session-token.ts';
import { AddPolicyChanges1795405000000 } from './1795405000000-add-policy-changes.ts';
import { WidenIds1795406000000 } from './1795406000000-widen-ids.ts';
import { RecordEnds1795406100000 } from './1795406100000-record-ends.ts';

export const migrations = [
  CreateTables1795305600000,
  AddInvitations1795395600000,
  ChainAudit1795400000000,
  AddAccessRequests1795401000000,
  AddWriters1795402000000,
  AddChannelSessions1795403000000,
  AddSessionToken1795404000000,
  AddPolicyChanges1795405000000,
  WidenIds1795406000000,
  RecordEnds1795406100000,
];

/** Every command that speaks to the running gate, in the order the help shows them. */
import type { Command } from './command.ts';
import { connectionCommands } from './commands/connections.ts';
import { decisionCommands } from './commands/decisions.ts';
import { grantCommands } from './commands/grants.ts';
import { invitationCommands } from './commands/invitations.ts';
import { lockoutCommands } from './commands/lockouts.ts';
import { modelCommands } from './commands/model.ts';
import { roleCommands } from './commands/roles.ts';
import { tokenCommands } from './commands/tokens.ts';
import { userCommands } from './commands/users.ts';

export const COMMANDS: readonly Command[] = [
  ...userCommands,
  ...grantCommands,
  ...tokenCommands,
  ...roleCommands,
  ...invitationCommands,
  ...connectionCommands,
  ...lockoutCommands,
  ...decisionCommands,
  ...modelCommands,
];

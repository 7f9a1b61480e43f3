/** Every row of the admin API, in the order of its documentation. */
import type { Endpoint } from '../endpoint.ts';
import { auditEndpoints } from './audit.ts';
import { connectionEndpoints } from './connections.ts';
import { decisionEndpoints } from './decisions.ts';
import { grantEndpoints } from './grants.ts';
import { invitationEndpoints } from './invitations.ts';
import { lockoutEndpoints } from './lockouts.ts';
import { modelEndpoints } from './model.ts';
import { presetEndpoints } from './presets.ts';
import { roleEndpoints } from './roles.ts';
import { ruleEndpoints } from './rules.ts';
import { tokenEndpoints } from './tokens.ts';
import { userRoleEndpoints } from './user-roles.ts';
import { userEndpoints } from './users.ts';

export const ENDPOINTS: readonly Endpoint[] = [
  ...userEndpoints,
  ...tokenEndpoints,
  ...userRoleEndpoints,
  ...roleEndpoints,
  ...grantEndpoints,
  ...ruleEndpoints,
  ...presetEndpoints,
  ...modelEndpoints,
  ...invitationEndpoints,
  ...connectionEndpoints,
  ...lockoutEndpoints,
  ...decisionEndpoints,
  ...auditEndpoints,
];

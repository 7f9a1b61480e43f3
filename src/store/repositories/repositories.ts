/** All repositories over one session. */
import { readPolicy } from '../policy-document.ts';
import type { Session } from '../session.ts';
import type { Repositories } from '../store.ts';
import { createAccessRequests } from './access-requests.ts';
import { createAudit } from './audit.ts';
import { createLinks, createSessions, createTokens } from './credentials.ts';
import { createDecisions } from './decisions.ts';
import { createEndings } from './endings.ts';
import { createGrants } from './grants.ts';
import { createInvitations } from './invitations.ts';
import { createModels } from './models.ts';
import { createPolicyChanges } from './policy-changes.ts';
import { createRoles } from './roles.ts';
import { createRules } from './rules.ts';
import { createState } from './state.ts';
import { createUsers } from './users.ts';

export function createRepositories(session: Session): Repositories {
  return {
    users: createUsers(session),
    tokens: createTokens(session),
    sessions: createSessions(session),
    links: createLinks(session),
    roles: createRoles(session),
    grants: createGrants(session),
    rules: createRules(session),
    models: createModels(session),
    changes: createPolicyChanges(session),
    invitations: createInvitations(session),
    endings: createEndings(session),
    accessRequests: createAccessRequests(session),
    audit: createAudit(session),
    decisions: createDecisions(session),
    state: createState(session),
    policy: () => session.snapshot(readPolicy),
  };
}

/** Every entity, as both data sources need them. */
import { accessRequestEntity } from './access-requests.ts';
import { linkEntity, sessionEntity, tokenEntity, userEntity } from './accounts.ts';
import { counterEntity, documentEntity, objectEntity, valueEntity } from './instance.ts';
import { acceptanceEntity, invitationEntity } from './invitations.ts';
import { grantEntity, modelEntity, roleEntity, ruleEntity } from './policy.ts';
import { auditEntity, decisionEntity } from './records.ts';

export const entities = [
  userEntity,
  tokenEntity,
  sessionEntity,
  linkEntity,
  roleEntity,
  grantEntity,
  ruleEntity,
  modelEntity,
  auditEntity,
  decisionEntity,
  counterEntity,
  valueEntity,
  objectEntity,
  documentEntity,
  invitationEntity,
  acceptanceEntity,
  accessRequestEntity,
];

/** Every entity, as both data sources need them. */
import { accessRequestEntity } from './access-requests.ts';
import { linkEntity, sessionEntity, tokenEntity, userEntity } from './accounts.ts';
import { auditEntity, auditHeadEntity, checkpointEntity } from './audit.ts';
import { writerEntity } from './file-writers.ts';
import {
  channelSessionEntity,
  counterEntity,
  documentEntity,
  objectEntity,
  valueEntity,
} from './instance.ts';
import { acceptanceEntity, invitationEntity } from './invitations.ts';
import { grantEntity, modelEntity, policyChangeEntity, roleEntity, ruleEntity } from './policy.ts';
import { decisionEntity } from './records.ts';

export const entities = [
  userEntity,
  tokenEntity,
  sessionEntity,
  linkEntity,
  roleEntity,
  grantEntity,
  ruleEntity,
  modelEntity,
  policyChangeEntity,
  auditEntity,
  auditHeadEntity,
  checkpointEntity,
  decisionEntity,
  counterEntity,
  valueEntity,
  objectEntity,
  channelSessionEntity,
  documentEntity,
  invitationEntity,
  acceptanceEntity,
  accessRequestEntity,
  writerEntity,
];

/** Tables of people and of what they sign in with. */
import { EntitySchema } from 'typeorm';
import type { LinkRecord, SessionRecord, TokenRecord, UserRecord } from '../store.ts';
import { json, key, optionalText, optionalWhole, text, whole } from './columns.ts';

export const userEntity = new EntitySchema<UserRecord>({
  name: 'User',
  tableName: 'gate_users',
  columns: {
    name: key('name'),
    displayName: text('display_name'),
    active: { name: 'active', type: 'boolean' },
    passwordHash: optionalText('password_hash'),
    createdAt: whole('created_at'),
    removedAt: optionalWhole('removed_at'),
  },
});

export const tokenEntity = new EntitySchema<TokenRecord>({
  name: 'Token',
  tableName: 'gate_tokens',
  columns: {
    id: key('id'),
    user: text('user_name'),
    hash: text('hash'),
    note: text('note'),
    audience: text('audience'),
    roles: json('roles'),
    createdAt: whole('created_at'),
    expiresAt: optionalWhole('expires_at'),
    revokedAt: optionalWhole('revoked_at'),
  },
});

export const sessionEntity = new EntitySchema<SessionRecord>({
  name: 'Session',
  tableName: 'gate_sessions',
  columns: {
    hash: key('hash'),
    id: text('id'),
    user: text('user_name'),
    createdAt: whole('created_at'),
    expiresAt: whole('expires_at'),
    address: text('address'),
    tokenId: optionalText('token_id'),
  },
});

export const linkEntity = new EntitySchema<LinkRecord>({
  name: 'Link',
  tableName: 'gate_links',
  columns: {
    hash: key('hash'),
    user: text('user_name'),
    createdAt: whole('created_at'),
    expiresAt: whole('expires_at'),
    usedAt: optionalWhole('used_at'),
  },
});

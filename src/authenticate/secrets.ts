/** Secrets the gate hands out and keeps only as hashes: API tokens, session cookies, sign-in links. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const TOKEN_PREFIX = 'jg_';
const SECRET_BYTES = 32;
const ID_BYTES = 9;

/** A new API token: `jg_` and 256 random bits in base64url. The prefix lets secret scanners recognise it. */
export function mintToken(): string {
  return TOKEN_PREFIX + mintSecret();
}

/** A new secret of 256 random bits in base64url, for session cookies and sign-in links. */
export function mintSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** A new public id of 72 random bits in base64url; it names a session or token and opens nothing. */
export function mintId(): string {
  return randomBytes(ID_BYTES).toString('base64url');
}

/**
 * SHA-256 of a secret, hex: what the store keeps and looks up by. A fast hash is enough because the secret has 256
 * random bits; looking up by it leaks no timing about the secret, as nobody can choose a hash.
 */
export function hashSecret(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** Whether two texts are equal, in a time that depends on their lengths at most. */
export function sameSecret(left: string, right: string): boolean {
  const a = Buffer.from(left, 'utf8');
  const b = Buffer.from(right, 'utf8');
  return a.length === b.length && timingSafeEqual(a, b);
}

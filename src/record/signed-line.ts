/** Statements of one line in plain ASCII, signed: `kind,field,…,key id,signature`. Easy to grep, to paste and to keep elsewhere. */
import { sign, verify } from 'node:crypto';
import type { AuditKey, PublicKeys } from './audit-key.ts';

export interface SignedLine {
  readonly kind: string;
  readonly fields: readonly string[];
  readonly key: string;
}

/** `valid`, or what is wrong with the signature. */
export type SignatureCheck = 'valid' | 'unknown key' | 'forged';

/** No field may hold a comma. */
export function signLine({ id, privateKey }: AuditKey, kind: string, fields: readonly string[]): string {
  const text = [kind, ...fields, id].join(',');
  return `${text},${sign(null, Buffer.from(text), privateKey).toString('base64url')}`;
}

/** The parts of a line of this kind with so many fields; undefined when it is none. Says nothing about the signature. */
export function readLine(line: string, kind: string, count: number): SignedLine | undefined {
  const parts = line.split(',');
  if (parts.length !== count + 3 || parts[0] !== kind) return undefined;
  return { kind, fields: parts.slice(1, -2), key: parts.at(-2) ?? '' };
}

/** Ed25519 over all but the signature itself. */
export function checkSignature(line: string, keys: PublicKeys): SignatureCheck {
  const parts = line.split(',');
  const key = keys.get(parts.at(-2) ?? '');
  if (key === undefined) return 'unknown key';
  const text = Buffer.from(parts.slice(0, -1).join(','));
  const signature = parts.at(-1) ?? '';
  const bytes = Buffer.from(signature, 'base64url');
  // Base64 has several texts for the same bytes; only the one that was written counts.
  if (bytes.toString('base64url') !== signature) return 'forged';
  return verify(null, text, key, bytes) ? 'valid' : 'forged';
}

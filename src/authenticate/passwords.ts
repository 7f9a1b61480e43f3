/** Passwords: what they must be like, how they are hashed (scrypt, RFC 7914) and how they are compared. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { ScryptOptions } from 'node:crypto';
import { AppError } from '../core/errors.ts';
import { createLimiter } from './limiter.ts';

const MIN_LENGTH = 8;
const MAX_LENGTH = 1024;
const KEY_BYTES = 32;
const SALT_BYTES = 16;
/** 32 MiB and about 0.1 s for each hash. */
const LOG_N = 15;
const BLOCK = 8;
const LANES = 1;
const STORED =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{16,128})\$([A-Za-z0-9+/]{16,128})$/;

export interface PasswordsOptions {
  /** Hashes at once; each holds 32 MiB and a thread that file access needs too. */
  readonly parallel?: number | undefined;
  /** Hashes that may wait. */
  readonly queue?: number | undefined;
  /** scrypt itself; tests count or slow it. */
  readonly derive?: Derive | undefined;
}

export interface Passwords {
  /** The text to store: algorithm, parameters, salt and hash. Throws `INPUT_INVALID` or `OVERLOADED`. */
  hash(password: string): Promise<string>;
  /**
   * Whether `password` is the one of `stored`. With `null` (no such user, no password) it works as long and answers
   * false, so that the time does not tell whether a name exists. Throws `OVERLOADED`.
   */
  verify(password: string, stored: string | null): Promise<boolean>;
}

export interface ScryptInput {
  readonly password: string;
  readonly salt: Buffer;
  readonly keyLength: number;
  readonly cost: { readonly logN: number; readonly r: number; readonly p: number };
}
export type Derive = (input: ScryptInput) => Promise<Buffer>;

/** Throws `INPUT_INVALID` unless the password has 8 to 1024 characters. */
export function checkPassword(password: string): void {
  const { length } = Array.from(password);
  if (length >= MIN_LENGTH && length <= MAX_LENGTH) return;
  const message = `expected ${MIN_LENGTH} to ${MAX_LENGTH} characters, received ${length}`;
  throw new AppError('INPUT_INVALID', { problems: [{ at: 'password', message }] });
}

/** See `Passwords`. */
export function createPasswords(options: PasswordsOptions = {}): Passwords {
  const limit = createLimiter({ parallel: options.parallel ?? 2, queue: options.queue ?? 64 });
  const derive = options.derive ?? deriveScrypt;
  const cost = { logN: LOG_N, r: BLOCK, p: LANES };
  const dummy = { salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES), cost };

  return {
    async hash(password) {
      checkPassword(password);
      const salt = randomBytes(SALT_BYTES);
      const key = await limit(() => derive({ password, salt, keyLength: KEY_BYTES, cost }));
      return `$scrypt$ln=${LOG_N},r=${BLOCK},p=${LANES}$${base64(salt)}$${base64(key)}`;
    },
    async verify(password, stored) {
      if (password.length > 2 * MAX_LENGTH) return false;
      const known = stored === null ? undefined : parseStored(stored);
      const { salt, key, cost: paid } = known ?? dummy;
      const derived = await limit(() => derive({ password, salt, keyLength: key.length, cost: paid }));
      return timingSafeEqual(derived, key) && known !== undefined;
    },
  };
}

interface StoredPassword {
  readonly salt: Buffer;
  readonly key: Buffer;
  readonly cost: ScryptInput['cost'];
}

/** Undefined for what this gate could not have written; such a hash matches nothing. */
function parseStored(stored: string): StoredPassword | undefined {
  const [, logN, r, p, salt = '', key = ''] = STORED.exec(stored) ?? [];
  const cost = { logN: Number(logN), r: Number(r), p: Number(p) };
  const isBounded =
    cost.logN >= 10 && cost.logN <= 18 && cost.r >= 1 && cost.r <= 16 && cost.p >= 1 && cost.p <= 4;
  return isBounded ? { salt: Buffer.from(salt, 'base64'), key: Buffer.from(key, 'base64'), cost } : undefined;
}

/** NFKC first, so that one password typed on two keyboards stays one (NIST SP 800-63B, 5.1.1.2). */
const deriveScrypt: Derive = ({ password, salt, keyLength, cost: { logN, r, p } }) => {
  const N = 2 ** logN;
  // Node refuses above 32 MiB unless told; scrypt needs 128·N·r bytes and a little more.
  const options: ScryptOptions = { N, r, p, maxmem: 128 * N * r * p + 1024 * 1024 };
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, keyLength, options, (error, key) =>
      error ? reject(error) : resolve(key),
    );
  });
};

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

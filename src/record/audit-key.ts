/** The key that signs checkpoints: made at first start, kept in the data directory, and only as safe as the account it lies in. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { chmod, link, open, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../core/errors.ts';

/** Private key in DATA, PEM (PKCS #8), mode 0600. */
export const KEY_FILE = 'audit.key';
/** Public keys in DATA, PEM (SPKI), one or more: those whose signatures count. */
export const PUBLIC_KEY_FILE = 'audit.pub';

/** Public keys by their ids. */
export type PublicKeys = ReadonlyMap<string, KeyObject>;

export interface AuditKey {
  readonly id: string;
  readonly privateKey: KeyObject;
}

const PEM_BLOCK = /-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g;

/** First half of the SHA-256 of the public key (SPKI, DER), hex. */
export function keyId(key: KeyObject): string {
  const der = key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(der).digest('hex').slice(0, 32);
}

/** The key of this data directory. Throws `CONFIG_INVALID` for a file that holds none. */
export async function openAuditKey(data: string): Promise<AuditKey> {
  const file = join(data, KEY_FILE);
  const pem = (await readOrUndefined(file)) ?? (await makeKey(file));
  const privateKey = readKey(pem, file, createPrivateKey);
  if ((await stat(file)).mode & 0o077) await chmod(file, 0o600);
  const publicKey = createPublicKey(privateKey);
  const publicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await createOnce(join(data, PUBLIC_KEY_FILE), publicPem, 0o644);
  return { id: keyId(publicKey), privateKey };
}

/** All public keys of a file. Throws `CONFIG_INVALID` when there is none, or one of another kind. */
export async function readPublicKeys(file: string): Promise<PublicKeys> {
  const text = await readOrUndefined(file);
  const blocks = text?.match(PEM_BLOCK) ?? [];
  if (blocks.length === 0) throw invalid(file, 'expected one or more public keys in PEM form');
  const keys = blocks.map((block) => readKey(block, file, createPublicKey));
  return new Map(keys.map((key) => [keyId(key), key]));
}

async function makeKey(file: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await createOnce(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 0o600);
  return readFile(file, 'utf8');
}

function readKey(pem: string, file: string, read: (pem: string) => KeyObject): KeyObject {
  let key: KeyObject | undefined;
  try {
    key = read(pem);
  } catch (cause) {
    throw invalid(file, 'expected an Ed25519 key in PEM form', cause);
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw invalid(file, `expected an Ed25519 key, received one of type ${String(key.asymmetricKeyType)}`);
  return key;
}

/** Whole or not at all, and never over one that is there: a process killed half-way must not leave half a key. */
async function createOnce(file: string, text: string, mode: number): Promise<void> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  try {
    const handle = await open(draft, 'wx', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await link(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function readOrUndefined(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw invalid(file, `it cannot be read (${(error as NodeJS.ErrnoException).code ?? ''})`, error);
  }
}

function invalid(file: string, detail: string, cause?: unknown): AppError {
  return new AppError('CONFIG_INVALID', { problems: [{ at: file, message: detail }], cause });
}

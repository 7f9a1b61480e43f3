/** Strings that occur nowhere but in what must stay hidden, and the search for them in whatever came back. */
import { createHash, randomBytes } from 'node:crypto';

export interface Canaries {
  /** Begins every canary; lower case letters and digits, so that no escaping changes it. */
  readonly marker: string;
  /** A new canary for what `label` names. */
  hatch(label: string): string;
  /** Makes the fingerprints of a hidden file count like its text: Jupyter sends hashes of contents. */
  fingerprint(label: string, content: Buffer): void;
  /** Labels of all canaries in `bytes`, however they are spelt there. */
  findIn(bytes: Buffer): readonly string[];
}

const HASHES = ['sha512', 'sha256', 'sha1', 'md5'] as const;

export function createCanaries(): Canaries {
  const marker = `zq${randomBytes(8).toString('hex')}`;
  const forms = [...base64Forms(marker), Buffer.from(marker).toString('hex')];
  const hatched = new Map<string, string>();
  const fingerprints = new Map<string, string>();
  return {
    marker,
    hatch(label) {
      const canary = marker + hatched.size.toString(16).padStart(4, '0');
      hatched.set(canary, label);
      return canary;
    },
    fingerprint(label, content) {
      for (const hash of HASHES) fingerprints.set(createHash(hash).update(content).digest('hex'), label);
    },
    findIn(bytes) {
      const found = new Set<string>();
      const text = bytes.toString('latin1');
      for (const form of forms) if (text.includes(form)) found.add('something encoded');
      for (const spelt of spellings(text)) {
        for (const [match] of spelt.matchAll(new RegExp(`${marker}.{0,4}`, 'gs'))) {
          found.add(hatched.get(match) ?? 'part of a canary');
        }
        for (const [hex] of spelt.matchAll(/[0-9a-f]{32,}/g)) {
          const label = fingerprints.get(hex);
          if (label !== undefined) found.add(`the hash of ${label}`);
        }
      }
      return [...found];
    },
  };
}

/** The text as it is and as it would read without the escapes of URLs, HTML, JSON and UTF-16; all in lower case. */
function spellings(text: string): Set<string> {
  const readings = [
    text,
    text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) => character(hex, 16)),
    text.replaceAll(/&#x([0-9a-f]{1,6});/gi, (_, hex: string) => character(hex, 16)),
    text.replaceAll(/&#([0-9]{1,7});/g, (_, number: string) => character(number, 10)),
    text.replaceAll(/\\u([0-9a-f]{4})/gi, (_, hex: string) => character(hex, 16)),
    text.replaceAll(/\\x([0-9a-f]{2})/gi, (_, hex: string) => character(hex, 16)),
    text.replaceAll('\0', ''),
  ];
  return new Set(readings.map((reading) => reading.toLowerCase()));
}

function character(digits: string, radix: number): string {
  const code = Number.parseInt(digits, radix);
  return code <= 0x10_ffff ? String.fromCodePoint(code) : '';
}

/** What `text` looks like in base64 at each of the three places it can begin, without the characters it shares. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((before) => {
    const encoded = Buffer.from('\0'.repeat(before) + text).toString('base64');
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + text.length) * 8) / 6));
  });
}

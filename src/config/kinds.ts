/** The kinds of value an option can have: each reads what a flag, a variable or gate.yaml gives, or says no. */
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import ipaddr from 'ipaddr.js';
import { asDuration, asSize, durationText, sizeText } from './units.ts';

/** How to read and show one kind of value. */
export interface Kind<T> {
  /** What a person must write, e.g. `a port from 0 to 65535`. */
  readonly expected: string;
  /** Stands for the value in help texts; empty for a switch. */
  readonly placeholder: string;
  /** Given several times, each adds. */
  readonly many: boolean;
  /** The value, or undefined when `input` is not one. `base` is the directory relative paths start from. */
  read(input: unknown, base: string): T | undefined;
  show(value: T): string;
}

/** Any text that is not empty. */
export const text: Kind<string> = one('TEXT', 'a text that is not empty', (input) => clean(input));

/** A credential: it travels in a header. */
export const token: Kind<string> = one('TOKEN', 'printable ASCII without blanks', (input) => {
  const value = clean(input);
  return value !== undefined && /^[\x21-\x7e]+$/.test(value) ? value : undefined;
});

export const serverLabel: Kind<string> = one(
  'NAME',
  'a name of a-z, 0-9 and `._@+-`, beginning with a letter or digit',
  (input) => {
    const value = clean(input);
    return value !== undefined && /^[a-z0-9][a-z0-9._@+-]{0,63}$/.test(value) ? value : undefined;
  },
);

/** A file or directory, made absolute. */
export const path: Kind<string> = one('PATH', 'a path', (input, base) => {
  const value = clean(input);
  return value === undefined ? undefined : resolve(base, value);
});

export const hostName: Kind<string> = one('HOST', 'a host name or address without port', (input) => {
  const value = clean(input);
  if (value === undefined) return undefined;
  return isIP(value) !== 0 || /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i.test(value) ? value : undefined;
});

/** As in a `Host` header; one name each, without wildcards. */
export const authority: Kind<string> = one(
  'NAME',
  'a host name or address, with `:PORT` if need be',
  (input) => {
    const value = clean(input)?.toLowerCase();
    if (value === undefined || isIP(value) !== 0) return value;
    const [, host = '', port] = /^([^:]+)(?::(\d{1,5}))?$/.exec(value) ?? [];
    const isPort = port === undefined || (Number(port) > 0 && Number(port) <= 65_535);
    return isPort && hostName.read(host, '') !== undefined ? value : undefined;
  },
);

/** Whole numbers of a range. */
export function whole(least: number, most: number, expected: string): Kind<number> {
  return one('N', expected, (input) => {
    const value = typeof input === 'string' && /^\d+$/.test(input) ? Number(input) : input;
    return Number.isSafeInteger(value) && Number(value) >= least && Number(value) <= most
      ? Number(value)
      : undefined;
  });
}

export const port: Kind<number> = {
  ...whole(0, 65_535, 'a port from 0 to 65535 (0: any free one)'),
  placeholder: 'PORT',
};

/** Milliseconds, written `30s`, `15m`, `12h`, `7d`. */
export const duration: Kind<number> = {
  ...one('TIME', 'a duration such as `500ms`, `30s`, `15m`, `12h` or `7d`', (input) => asDuration(input)),
  show: durationText,
};

/** Bytes, written `512kb`, `64mb`. */
export const size: Kind<number> = {
  ...one('SIZE', 'a size in bytes, or such as `512kb` or `64mb`', (input) => asSize(input)),
  show: sizeText,
};

export const flagOnly: Kind<boolean> = {
  ...one('', '`true` or `false`', (input) => {
    if (input === true || input === 'true') return true;
    return input === false || input === 'false' ? false : undefined;
  }),
};

/** One of a few words or numbers. */
export function choice<T extends string | number>(values: readonly T[]): Kind<T> {
  const expected = `one of ${values.map((value) => `\`${value}\``).join(', ')}`;
  return one(values.join('|'), expected, (input) => values.find((value) => String(value) === String(input)));
}

/** `http://` or `https://`, host, port and nothing else; in the form browsers send as `Origin`. */
export const origin: Kind<string> = one(
  'URL',
  'an origin such as `https://lab.example`, without path',
  (input) => {
    const url = asUrl(input);
    if (url === undefined || url.pathname !== '/' || url.search !== '' || url.hash !== '') return undefined;
    return url.username === '' && url.password === '' ? url.origin : undefined;
  },
);

/** Address of a Jupyter Server; may end with its base URL. No credentials inside: they would reach logs. */
export const serverUrl: Kind<string> = one(
  'URL',
  'an `http://` or `https://` URL without account, query and fragment',
  (input) => {
    const url = asUrl(input);
    if (url === undefined || url.search !== '' || url.hash !== '') return undefined;
    return url.username === '' && url.password === '' ? url.href : undefined;
  },
);

export const basePath: Kind<string> = one(
  '/PREFIX/',
  '`/`, or a path that begins and ends with `/`',
  (input) => {
    const value = clean(input);
    return value !== undefined && /^\/([A-Za-z0-9._~@-]+\/)*$/.test(value) && !/\/\.{1,2}\//.test(value)
      ? value
      : undefined;
  },
);

export const addressRange: Kind<string> = one('CIDR', 'an address or range such as `10.0.0.0/8`', (input) => {
  const value = clean(input);
  if (value === undefined) return undefined;
  const known = isIP(value) !== 0 || (value.includes('/') && ipaddr.isValidCIDR(value));
  return known ? value : undefined;
});

export const timeZone: Kind<string> = one('ZONE', 'a time zone such as `Europe/Paris` or `UTC`', (input) => {
  const value = clean(input);
  if (value === undefined) return undefined;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
});

/** Several of `kind`: the flag repeated, a comma or blank between them in a variable, a list in gate.yaml. */
export function listOf(kind: Kind<string>): Kind<readonly string[]> {
  return {
    expected: `${kind.expected}, or several`,
    placeholder: kind.placeholder,
    many: true,
    read(input, base) {
      const parts = Array.isArray(input) ? input.flatMap(split) : split(input);
      const values = parts.map((part) => kind.read(part, base));
      return values.every((value) => value !== undefined) ? [...new Set(values)] : undefined;
    },
    show: (values) => values.join(', '),
  };
}

function one<T>(placeholder: string, expected: string, read: Kind<T>['read']): Kind<T> {
  return { placeholder, expected, many: false, read, show: String };
}

function clean(input: unknown): string | undefined {
  if (typeof input !== 'string' || input.includes('\0')) return undefined;
  const value = input.trim();
  return value === '' ? undefined : value;
}

function asUrl(input: unknown): URL | undefined {
  const value = clean(input);
  if (value === undefined || !URL.canParse(value)) return undefined;
  const url = new URL(value);
  return url.protocol === 'http:' || url.protocol === 'https:' ? url : undefined;
}

function split(input: unknown): readonly unknown[] {
  return typeof input === 'string' ? input.split(/[\s,]+/).filter((part) => part !== '') : [input];
}

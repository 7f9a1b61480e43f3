/**
 * Reads a JSON body strictly, so that what was checked can be written out again: duplicate keys, `__proto__`, a byte
 * order mark, `NaN` and endless nesting do not survive.
 */
import { AppError } from '../core/errors.ts';

const MAX_DEPTH = 64;
/**
 * `text/plain` because @jupyterlab/services gives fetch a string and leaves the type to it (serverconnection.ts).
 * Form types are refused: tornado would take `token` and `_xsrf` from such a body.
 */
const ACCEPTED = ['application/json', 'text/plain'];

/**
 * The parsed body; undefined when it is empty. Throws `BODY_UNSUPPORTED` for another content type or an encoded body,
 * `BODY_INVALID` for what is not one JSON document in UTF-8.
 */
export function parseJsonBody(
  body: Buffer,
  contentType: string | undefined,
  contentEncoding: string | undefined,
): unknown {
  if (body.length === 0) return undefined;
  checkEncoding(contentEncoding);
  checkType(contentType);
  const value = parse(body);
  checkTree(value);
  return value;
}

function checkEncoding(encoding: string | undefined): void {
  if (encoding === undefined || encoding.trim().toLowerCase() === 'identity' || encoding === '') return;
  throw new AppError('BODY_UNSUPPORTED', {
    detail: `expected no content encoding, received \`${encoding.slice(0, 40)}\``,
  });
}

function checkType(contentType: string | undefined): void {
  const [essence = '', ...parameters] = (contentType ?? '')
    .split(';')
    .map((part) => part.trim().toLowerCase());
  const charset = parameters.find((parameter) => parameter.startsWith('charset='))?.slice('charset='.length);
  const utf8 = charset === undefined || ['utf-8', '"utf-8"', 'utf8', 'us-ascii'].includes(charset);
  if (ACCEPTED.includes(essence) && utf8) return;
  const received = contentType === undefined ? 'none' : `\`${contentType.slice(0, 80)}\``;
  throw new AppError('BODY_UNSUPPORTED', {
    detail: `expected \`application/json\` in UTF-8, received ${received}`,
  });
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body));
  } catch (cause) {
    throw new AppError('BODY_INVALID', { detail: 'expected one JSON document in UTF-8', cause });
  }
}

/** Walks with a list of its own: a deep document must not end the process's stack. */
function checkTree(root: unknown): void {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) throw invalid(`at most ${MAX_DEPTH} levels of nesting`);
    const next: unknown[] = [];
    for (const value of level) pushChildren(value, next);
    level = next;
  }
}

function pushChildren(value: unknown, into: unknown[]): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw invalid('numbers within the range of a double');
  if (typeof value !== 'object' || value === null) return;
  if (Object.hasOwn(value, '__proto__')) throw invalid('no key `__proto__`');
  for (const child of Object.values(value)) into.push(child);
}

function invalid(expected: string): AppError {
  return new AppError('BODY_INVALID', { detail: `expected ${expected}` });
}

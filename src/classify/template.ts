/**
 * Patterns of the route table, compiled once to an anchored expression over the raw, undecoded path, as tornado
 * matches it; and back again: what was captured is re-emitted in the one canonical spelling.
 *
 * | placeholder       | captures                                                                             |
 * | ----------------- | ------------------------------------------------------------------------------------ |
 * | `{name}`          | one segment                                                                          |
 * | `{name:regex}`    | text of unreserved characters, kept as it is                                         |
 * | `{name:names}`    | one or more segments that name something other than a served file                   |
 * | `{path:path}`     | Jupyter's own path group: `/segment…`, or nothing                                    |
 * | `{path:contents}` | the same below `/api/contents`, safe from being routed elsewhere                     |
 * | `{path:once}`     | the same for handlers that decode a second time: `%` is refused                      |
 * | `{path:below}`    | a path that is not the root                                                          |
 * | `{path:tail}`     | a path, or nothing at the root; a trailing slash is dropped                          |
 * | `{room:room}`     | room of a shared document; its `:` may be encoded, and is written plainly            |
 * | `{rest:rest}`     | anything below, kept byte for byte, for applications behind a proxy                  |
 * | `{/}`             | a trailing slash that may be there and is not passed on                              |
 */
import { AppError } from '../core/errors.ts';
import {
  ROOT_PATH,
  canonicalPath,
  canonicalPathFromTarget,
  encodePath,
  percentDecode,
} from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import type { Parts } from './route.ts';

const PLACEHOLDER = /\{(\/|\w+)(?::((?:[^{}]|\{[^{}]*\})+))?\}/g;

interface Capture {
  readonly source: string;
  read(raw: string, name: string): Partial<Parts>;
  emit(name: string, parts: Parts): string;
}

export interface Template {
  /** Text every matching path begins with. */
  readonly prefix: string;
  /** Names of all captures. */
  readonly names: readonly string[];
  /** The captured text by name, still encoded; undefined when the path does not match. */
  match(path: string): readonly string[] | undefined;
  /** Decodes what `match` gave. Throws `PATH_INVALID`. */
  read(captured: readonly string[]): Parts;
  /** The canonical path for these parts. */
  emit(parts: Parts): string;
}

/** Compiles a pattern. Throws a `TypeError` for a pattern that cannot be right. */
export function compileTemplate(pattern: string): Template {
  const pieces: (string | { readonly name: string; readonly capture: Capture })[] = [];
  let source = '';
  let last = 0;
  for (const found of pattern.matchAll(PLACEHOLDER)) {
    const literal = pattern.slice(last, found.index);
    const name = found[1] ?? '';
    const capture = captureFor(name, found[2]);
    pieces.push(literal, { name, capture });
    source += escapeRegex(literal) + capture.source;
    last = found.index + found[0].length;
  }
  pieces.push(pattern.slice(last));
  const regex = new RegExp(`^${source}${escapeRegex(pattern.slice(last))}$`);
  const captures = pieces.filter((piece) => typeof piece !== 'string');
  const groups = new RegExp(`${regex.source}|`).exec('')?.length ?? 0;
  if (groups - 1 !== captures.length) throw new TypeError(`pattern \`${pattern}\` has groups of its own`);
  return {
    prefix: typeof pieces[0] === 'string' ? pieces[0] : '',
    names: captures.map(({ name }) => name),
    match: (path) => regex.exec(path)?.slice(1),
    read: (captured) =>
      merge(captures.map(({ name, capture }, at) => capture.read(captured[at] ?? '', name))),
    emit: (parts) => {
      let path = '';
      for (const piece of pieces)
        path += typeof piece === 'string' ? piece : piece.capture.emit(piece.name, parts);
      return path;
    },
  };
}

/** Several sets of parts as one; later ones win. */
export function merge(all: readonly Partial<Parts>[]): Parts {
  const params: Record<string, string> = {};
  const paths: Record<string, CanonicalPath> = {};
  for (const parts of all) {
    Object.assign(params, parts.paths, parts.params);
    Object.assign(paths, parts.paths);
  }
  return { params, paths };
}

function captureFor(name: string, kind: string | undefined): Capture {
  if (name === '/') return { source: '(/?)', read: () => ({}), emit: () => '' };
  if (kind === undefined) return segment;
  return KINDS[kind] ?? verbatim(kind);
}

function verbatim(regex: string): Capture {
  return {
    source: `(${regex})`,
    read: (raw, name) => ({ params: { [name]: raw } }),
    emit: (name, { params }) => params[name] ?? '',
  };
}

const segment: Capture = {
  source: '([^/]+)',
  read: (raw, name) => ({ params: { [name]: oneSegment(percentDecode(raw)) } }),
  emit: (name, { params }) => encodeURIComponent(params[name] ?? ''),
};

const PATH_SOURCE = '((?:/[^/]+)+|/?)';

const path: Capture = {
  source: PATH_SOURCE,
  read: (raw, name) => ({ paths: { [name]: canonicalPathFromTarget(raw) } }),
  emit: (name, { paths }) => encodePath(paths[name] ?? ROOT_PATH),
};

const KINDS: Readonly<Record<string, Capture>> = {
  path,
  contents: { ...path, emit: (name, { paths }) => guardContents(encodePath(paths[name] ?? ROOT_PATH)) },
  once: {
    ...path,
    read: (raw, name) => ({ paths: { [name]: withoutPercent(canonicalPathFromTarget(raw)) } }),
  },
  below: {
    ...path,
    source: '(/.+)',
    read: (raw, name) => ({ paths: { [name]: notRoot(canonicalPathFromTarget(raw)) } }),
  },
  tail: { ...path, source: '((?:/.*)?)', read: readTail },
  names: {
    source: '(.+)',
    read: (raw, name) => ({ params: { [name]: notRoot(canonicalPathFromTarget(raw)).slice(1) } }),
    emit: (name, { params }) => encodePath(canonicalPath(params[name] ?? '')).slice(1),
  },
  room: {
    source: '((?:[\\w.:-]|%3[Aa])+)',
    read: (raw, name) => ({ params: { [name]: percentDecode(raw) } }),
    emit: (name, { params }) => params[name] ?? '',
  },
  rest: verbatim('(?:/.*)?'),
};

function readTail(raw: string, name: string): Partial<Parts> {
  const canonical = canonicalPathFromTarget(raw);
  return canonical === ROOT_PATH ? {} : { paths: { [name]: canonical } };
}

/**
 * jupyter_server routes `PATH/checkpoints`, `PATH/checkpoints/ID` and `PATH/trust` by their raw text, so a file of that
 * name must not be spelt out: one encoded letter keeps it a path (services/contents/handlers.py, `default_handlers`).
 */
export function guardContents(encoded: string): string {
  if (!encoded.includes('/checkpoints') && !encoded.includes('/trust')) return encoded;
  return encoded.replace(/\/checkpoints(?=\/|$)/g, '/%63heckpoints').replace(/\/trust(?=\/|$)/g, '/%74rust');
}

function oneSegment(decoded: string): string {
  if (decoded === '' || decoded.includes('/') || canonicalPath(decoded) !== `/${decoded}`) {
    throw new AppError('PATH_INVALID', { detail: 'expected one segment, received an encoded `/`' });
  }
  return decoded;
}

function notRoot(canonical: CanonicalPath): CanonicalPath {
  if (canonical !== ROOT_PATH) return canonical;
  throw new AppError('PATH_INVALID', { detail: 'expected a name, received the root' });
}

function withoutPercent(canonical: CanonicalPath): CanonicalPath {
  if (!canonical.includes('%')) return canonical;
  throw new AppError('PATH_INVALID', {
    detail: 'expected no `%` in a path that is decoded twice behind the gate',
  });
}

function escapeRegex(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

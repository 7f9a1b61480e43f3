/** What one row of the route table says: data, with a function only where a body has to be read. */
import type { CanonicalPath } from '../core/canonical-path.ts';
import type { Presentation, SocketKind, Subtree } from '../core/classified.ts';
import type { DocumentRef } from '../core/documents.ts';
import type { Action, Resource } from '../core/labels.ts';
import type { ObjectKind } from '../core/question.ts';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** What was taken out of a request, by name. Every path is in `params` too. */
export interface Parts {
  readonly params: Readonly<Record<string, string>>;
  readonly paths: Readonly<Record<string, CanonicalPath>>;
}

/** One question, in the names of the row's captures, query parameters and body parts. */
export interface Ask {
  readonly res: Resource;
  readonly act: Action;
  /** Name of the path asked; a path that is not there asks `''`. */
  readonly path?: string;
  /** Kind of the object asked and the name its id has. */
  readonly object?: readonly [ObjectKind, string];
  /** The asker becomes the owner. */
  readonly creates?: true;
  /** Asked with the path of the row's `document`. */
  readonly document?: true;
  /** Something is to be there under this path. */
  readonly arrives?: true;
  /** A directory above something that may be read is enough. */
  readonly leads?: true;
  /** Asked only when the part of this name is there. */
  readonly when?: string;
}

/** What a body came to: what is forwarded, and what the questions need of it. */
export interface BodyReading {
  /** Re-serialised and sent; undefined sends no body. */
  readonly body: unknown;
  readonly params?: Readonly<Record<string, string>>;
  readonly paths?: Readonly<Record<string, CanonicalPath>>;
}

/** Checks a parsed body. Throws `BODY_INVALID` or `PATH_INVALID`. */
export type BodyReader = (body: unknown, parts: Parts) => BodyReading;

/** `text` as it is; `path` a path of the served directory; a pattern the value must match. */
export type QueryRule = 'text' | 'path' | RegExp;

export interface RouteRow {
  /** Stable id, in the decision log and in docs/routes.md. */
  readonly id: string;
  readonly methods: readonly [Method, ...Method[]];
  /** Template below the base path, see template.ts. */
  readonly pattern: string;
  readonly transport?: 'http' | 'websocket';
  /** All must be allowed. The first is the headline and gives the row its resource and action. */
  readonly asks: readonly [Ask, ...Ask[]];
  /** Parameters that are re-emitted, each at most once; `all` keeps every one but the credentials. Left out: none. */
  readonly query?: Readonly<Record<string, QueryRule>> | 'all';
  /** Left out: the route takes no body. */
  readonly body?: 'stream' | BodyReader;
  /** Names of all parts that the body can give. */
  readonly bodyParts?: readonly string[];
  /** A streamed body must begin like a JSON object with a key: without one the request means something else. */
  readonly streamedObject?: true;
  /** Jupyter makes directories for what it is asked about here: nothing is forwarded where nothing is at `path`. */
  readonly mustExist?: true;
  /** Bytes, where the row's own limit is smaller than the general one. */
  readonly bodyLimit?: number;
  readonly presentation?: Presentation;
  /** What happens to everything below the entry named: `path`, for a copy the body's `source`. */
  readonly subtree?: Subtree['kind'];
  readonly socket?: SocketKind;
  /** What names the shared document, and the part that holds it; one that is missing stands for none. */
  readonly document?: readonly [DocumentRef['kind'], string];
  /** A person navigates to it. */
  readonly page?: true;
}

/** Query rules for parameters whose text is passed on as it is. */
export function textParameters(...names: readonly string[]): Record<string, QueryRule> {
  return Object.fromEntries(names.map((name) => [name, 'text']));
}

/** What classify offers: from method, target and body to questions and to exactly what is forwarded. */
import type { Action, Resource } from '../core/labels.ts';
import type { Classified } from '../core/classified.ts';

/** How the body must be treated before the decision. */
export type BodyNeed =
  | 'none' // no body is forwarded; one that is sent is refused
  | 'json' // parsed, checked against a schema of allowed keys, re-serialised
  | 'stream'; // not looked at, streamed through

/** The row that matched, before the body is known. */
export interface RouteMatch {
  /** Id of the row, e.g. `contents.save`. */
  readonly route: string;
  readonly resource: Resource;
  readonly action: Action;
  readonly body: BodyNeed;
  /** A streamed body must begin like a JSON object with a key. */
  readonly streamedObject: boolean;
  /** Only forwarded when there is something at the path. */
  readonly mustExist: boolean;
  /** Largest body accepted, bytes. */
  readonly bodyLimit: number;
  /** True for addresses a person navigates to: refusals become pages and sign-in redirects. */
  readonly page: boolean;
  /** Completes the classification. `body` is the parsed JSON for `json`, otherwise undefined. Throws `BODY_INVALID`, `PATH_INVALID`. */
  classify(body: unknown): Classified;
}

export interface Classifier {
  /**
   * Finds the row. `target` is the raw request target; tokens and `_xsrf` are dropped from the query it re-emits.
   * Throws `TARGET_INVALID`, `PATH_INVALID`, `ROUTE_UNKNOWN`, `METHOD_UNKNOWN`.
   */
  match(method: string, target: string, transport: 'http' | 'websocket'): RouteMatch;
}

/** One extra row from gate.yaml `routes:`. */
export interface ExtraRoute {
  /** Path pattern below the base path: literal segments, `{name}` for one segment, trailing `/**` for anything below. */
  readonly pattern: string;
  readonly methods: readonly string[];
  readonly resource: Resource;
  readonly action: Action;
  readonly websocket: boolean;
}

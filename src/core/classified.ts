/** A request as classify understood it: what it asks, and exactly what is forwarded. */
import type { Action, Resource } from './labels.ts';
import type { CanonicalPath } from './canonical-path.ts';
import type { DocumentRef } from './documents.ts';
import type { ObjectRef, QuestionDraft } from './question.ts';

/** How the answer is made or rewritten (present); `none` streams it through. */
export type Presentation =
  | 'none'
  | 'page' // HTML of a frontend: page config rewritten
  | 'contents' // model of a file or directory, also as the answer to a write
  | 'contents-created' // the same, of something whose name the gate chose
  | 'kernels'
  | 'kernel'
  | 'kernel-created'
  | 'kernel-deleted'
  | 'sessions'
  | 'session'
  | 'session-created'
  | 'session-changed'
  | 'session-deleted'
  | 'terminals'
  | 'terminal'
  | 'terminal-created'
  | 'terminal-deleted'
  | 'kernelspecs'
  | 'export-formats'
  | 'timeline'
  | 'forks'
  | 'fork-created'
  | 'status'
  | 'settings-list'
  | 'settings' // upstream's answer with the person's own values laid over
  // answered by the gate without asking upstream:
  | 'me'
  | 'settings-save'
  | 'workspaces-list'
  | 'workspace'
  | 'workspace-save'
  | 'workspace-delete'
  | 'config'
  | 'config-replace' // PUT
  | 'config-save' // PATCH
  | 'csp-report';

/** How a WebSocket is carried. */
export type SocketKind = 'tunnel' | 'events' | 'kernel' | 'terminal' | 'room' | 'awareness';

/** An operation that takes everything below `source` with it when that is a directory. */
export interface Subtree {
  readonly kind: 'delete' | 'move' | 'copy';
  readonly source: CanonicalPath;
  /** The path that `source` itself gets; the same as `source` for a delete. */
  readonly destination: CanonicalPath;
}

export interface Classified {
  readonly route: string;
  readonly resource: Resource;
  readonly action: Action;
  /** All must be allowed; the first is the headline. */
  readonly questions: readonly [QuestionDraft, ...QuestionDraft[]];
  /** Re-emitted origin-form target with base path and query, exactly what is forwarded. */
  readonly target: string;
  /** Re-serialised body for `json`; undefined otherwise. */
  readonly body: string | undefined;
  readonly presentation: Presentation;
  readonly socket: SocketKind | undefined;
  /** The kernel, session or terminal named in the address. */
  readonly object: ObjectRef | undefined;
  /** The shared document the questions are about; the gate finds its path. */
  readonly document: DocumentRef | undefined;
  /** Captured, decoded parts for present: `path`, `name`, `section`, … and the body's parts that the registry needs. */
  readonly params: Readonly<Record<string, string>>;
  readonly path: CanonicalPath | '';
  /** Set when more than the named entry may be concerned: what is below it must be asked for too. */
  readonly subtree: Subtree | undefined;
  /** The parsed, checked body, for answers the gate makes itself. */
  readonly input: unknown;
}

/** Kernels, sessions and terminals as the gate remembers them: who started what, on which notebook. */
import type { CanonicalPath } from './canonical-path.ts';
import type { ObjectKind, ObjectRef } from './question.ts';

export interface ObjectRecord extends ObjectRef {
  readonly server: string;
  /** Subject who started it. */
  readonly owner: string;
  /** Path of the notebook, or `''` when it has none. A kernel carries the path of its session. */
  readonly path: CanonicalPath | '';
  /**
   * The path it was started for, which stays when `path` changes: a kernel works in the directory of this one. `''` when
   * there was none.
   */
  readonly origin: CanonicalPath | '';
  /** For a session: its kernel. */
  readonly kernelId: string | null;
  readonly createdAt: number;
}

/** What is new about an object. Without an `origin` it was started for its path. */
export type NewObject = Omit<ObjectRecord, 'server' | 'createdAt' | 'origin'> &
  Partial<Pick<ObjectRecord, 'origin'>>;

/** Port to the registry of owners; the store implements it, present and gate use it. */
export interface ObjectRegistry {
  lookup(kind: ObjectKind, id: string): ObjectRecord | undefined;
  /** Durable before it resolves: the creator's reply is held back until then. */
  record(object: NewObject): Promise<void>;
  /** Changes path or kernel of a recorded object; a no-op when it is not known. */
  update(ref: ObjectRef, change: { path?: CanonicalPath | ''; kernelId?: string }): Promise<void>;
  forget(kind: ObjectKind, id: string): Promise<void>;
  /** Everything of one kind, whoever owns it. */
  all(kind: ObjectKind): readonly ObjectRecord[];
  /** Sessions of `owner`, for finding their own session of a notebook again. */
  ownedBy(owner: string, kind: ObjectKind): readonly ObjectRecord[];
}

/** One use of a `session_id` on a kernel. */
export interface SessionUse {
  readonly kernel: string;
  readonly sessionId: string;
  readonly subject: string;
}

/** Port to whose a `session_id` is; the store implements it for every gate on one database. */
export interface ChannelUsers {
  /** The subject it belongs to: the first that used it on this kernel. Durable before it resolves. */
  claim(use: SessionUse): Promise<string>;
}

/** Settings, workspaces and notebook configuration kept for each person instead of for the whole server. */
export type DocumentKind = 'settings' | 'workspace' | 'config';
export interface PersonalDocuments {
  get(subject: string, kind: DocumentKind, name: string): Promise<string | undefined>;
  list(
    subject: string,
    kind: DocumentKind,
  ): Promise<readonly { readonly name: string; readonly body: string; readonly updatedAt: number }[]>;
  put(subject: string, kind: DocumentKind, name: string, body: string): Promise<void>;
  remove(subject: string, kind: DocumentKind, name: string): Promise<boolean>;
}

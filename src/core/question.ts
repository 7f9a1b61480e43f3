/** A question put to the enforcer: the fields that a model may name in its request definition. */
import type { Action, Resource } from './labels.ts';
import type { CanonicalPath } from './canonical-path.ts';

/** Owner of an object nobody recorded: only a rule whose condition names `'?'` allows it. */
export const UNKNOWN_OWNER = '?';
/** No owner applies. */
export const NO_OWNER = '';

export interface Question {
  /** User name, `guest:<id>`, `role:<name>` or `gate:root`. */
  readonly sub: string;
  /** Name of the Jupyter Server behind the gate; Casbin's domain. */
  readonly srv: string;
  readonly res: Resource;
  readonly act: Action;
  /** Canonical path, or `''` where no file is named. */
  readonly path: CanonicalPath | '';
  readonly own: string;
  /** Kernel message type, `''` outside kernel sockets. */
  readonly msg: string;
  /** `'saved'` when the code equals a saved cell, else `''`. */
  readonly cell: string;
  /** Address of the client, as the trusted proxies report it. */
  readonly ip: string;
  /** RFC 3339 instant in the configured time zone, e.g. `2026-03-01T09:15:00+01:00`. */
  readonly time: string;
}

/** Names a model's `request_definition` may use, and the field each stands for. */
export const QUESTION_FIELDS: Readonly<Record<string, keyof Question>> = {
  sub: 'sub',
  srv: 'srv',
  dom: 'srv',
  tenant: 'srv',
  res: 'res',
  obj: 'res',
  act: 'act',
  path: 'path',
  own: 'own',
  owner: 'own',
  msg: 'msg',
  cell: 'cell',
  ip: 'ip',
  time: 'time',
};

/** A kernel, session or terminal: the objects that have an owner. */
export type ObjectKind = 'kernel' | 'session' | 'terminal';
export interface ObjectRef {
  readonly kind: ObjectKind;
  readonly id: string;
}

/**
 * What classify can say without knowing who asks or who owns what. The gate completes it:
 * `object` fills `own` and `path` from the registry, `creates` sets `own` to the asker, `document` is given its path.
 */
export interface QuestionDraft {
  readonly res: Resource;
  readonly act: Action;
  readonly path: CanonicalPath | '';
  readonly object?: ObjectRef | undefined;
  readonly creates?: boolean | undefined;
  /** `path` is that of the shared document, which the gate finds. */
  readonly document?: boolean | undefined;
  /** Something is to be there under `path`, whether or not it is already. */
  readonly arrives?: boolean | undefined;
  /** Also allowed where `path` is a directory above something that may be read; the listing is then cut to what leads there. */
  readonly leads?: boolean | undefined;
}

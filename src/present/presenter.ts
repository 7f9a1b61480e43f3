/** What present offers: each person sees only what is theirs, and nothing of the gate's own credentials. */
import type { Action, Resource } from '../core/labels.ts';
import type { Answer } from '../core/http.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import type { Classified } from '../core/classified.ts';
import type { Identity } from '../core/identity.ts';
import type { ObjectRef } from '../core/question.ts';
import type { Soon } from '../core/soon.ts';

/** Questions of the same asker, asked while presenting. */
export interface Asker {
  readonly identity: Identity;
  may(res: Resource, act: Action, path: CanonicalPath | '', own?: string): Soon<boolean>;
  /** The same for a kernel, session or terminal: owner and path come from the registry. */
  mayObject(res: Resource, act: Action, object: ObjectRef): Soon<boolean>;
  /** Whether something below `path` may be read. */
  leads(path: CanonicalPath): Soon<boolean>;
  /** Whether it is allowed on any path at all, for an object of the asker's own. */
  mayAnywhere(res: Resource, act: Action): Promise<boolean>;
}

export interface Presenter {
  /** Whether this answer is made by the gate alone, without asking upstream. */
  isLocal(classified: Classified): boolean;
  /** Makes a local answer. */
  answer(classified: Classified, asker: Asker): Promise<Answer>;
  /** Whether an upstream reply of this status and content type must be buffered and rewritten. */
  rewrites(classified: Classified, status: number, contentType: string): boolean;
  /** Rewrites a buffered reply; records owners of what was created before it resolves. */
  rewrite(
    classified: Classified,
    asker: Asker,
    reply: { readonly status: number; readonly headers: Answer['headers']; readonly body: Buffer },
  ): Soon<Answer>;
}

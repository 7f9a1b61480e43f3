/** What somebody who was refused may be told about it, and may ask for. */
import type { Action, Resource } from './labels.ts';

/** The thing that is asked for: the question that was refused. */
export interface AskedThing {
  readonly act: Action;
  readonly res: Resource;
  /** Canonical, or `''` where no file is named. */
  readonly path: string;
}

/** The rule of the asker's own that comes nearest to what was refused. */
export interface NearestRule {
  /** The asker or the role of theirs that it is written for. */
  readonly holder: string;
  readonly acts: string;
  readonly path: string;
  /** The first part of it that does not fit; `effect`: all of it fits, and it refuses. */
  readonly lacks: 'action' | 'path' | 'condition' | 'effect';
}

export interface AccessAdvice {
  readonly thing: AskedThing;
  /** False where the asker may not know whether there is anything at the path; the rest then holds for any path. */
  readonly isKnown: boolean;
  readonly nearest: NearestRule | undefined;
  /** The smallest role that would allow it. */
  readonly role: { readonly name: string; readonly description: string } | undefined;
}

/** Who asks, from where. */
export interface AccessAsker {
  readonly subject: string;
  /** Client address. */
  readonly ip: string;
}

/** Port: advice on the page at `address`, an origin-form target; undefined when there is nothing to ask for. Never rejects. */
export type AdviseOnPage = (asker: AccessAsker, address: string) => Promise<AccessAdvice | undefined>;

/** What the modules of present share: the parts they work with and the shape of one row of the table. */
import type { Classified } from '../core/classified.ts';
import type { Clock } from '../core/clock.ts';
import type { Documents } from '../core/documents.ts';
import type { Answer } from '../core/http.ts';
import type { ObjectRegistry, PersonalDocuments } from '../core/objects.ts';
import type { Soon } from '../core/soon.ts';
import type { Asker } from './presenter.ts';

/** One JSON exchange with the Jupyter Server with the gate's own credentials; `target` includes the base path. */
export type Ask = (
  method: string,
  target: string,
  body?: unknown,
) => Promise<{ readonly status: number; readonly body: unknown }>;

export interface PresentDeps {
  readonly registry: ObjectRegistry;
  readonly documents: PersonalDocuments;
  readonly shared: Documents;
  readonly ask: Ask;
  readonly clock: Clock;
  /** The credential the gate injects; removed from every page. At least eight characters, or pages suffer. */
  readonly upstreamToken: string | undefined;
  /** `/` or `/prefix/`. */
  readonly baseUrl: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Answer['headers'];
  readonly body: Buffer;
}

/** A reply of the Jupyter Server to one asker. */
export interface Exchange {
  readonly classified: Classified;
  readonly asker: Asker;
  readonly reply: Reply;
}

/** Rewrites a reply with a status below 300 and a body. */
export type Rewrite = (deps: PresentDeps, exchange: Exchange) => Soon<Answer>;

/** Makes an answer without the Jupyter Server's. */
export type LocalAnswer = (deps: PresentDeps, classified: Classified, asker: Asker) => Promise<Answer>;

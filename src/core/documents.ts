/** Shared documents: rooms of jupyter-collaboration and ids of jupyter_server_fileid, neither of which names a path. */
import type { CanonicalPath } from './canonical-path.ts';

/** A room (`format:type:fileId`, or the id of a fork), or a file id alone. */
export interface DocumentRef {
  readonly kind: 'room' | 'file';
  readonly id: string;
}

/** Port to what is behind them; the gate implements it, present uses it. */
export interface Documents {
  /**
   * Path of the file as the Jupyter Server has it, at most a second ago; undefined for what is not known. Rejects when
   * the Jupyter Server cannot be asked.
   */
  pathOf(document: DocumentRef): Promise<CanonicalPath | undefined>;
  /** Remembers that `fork` was made from `room`. */
  learnFork(fork: string, room: string): void;
}

/** Who wrote what through the gate, for as long as it may be part of what lies there. */
import type { CanonicalPath } from './canonical-path.ts';

/** Something that changes what lies at a path, or takes it elsewhere. */
export type FileWrite = { readonly subject: string } & (
  | {
      /**
       * `save` replaces the whole file, `edit` a part of it; `checkpoint` keeps the file as it is, `restore` puts what was
       * kept in its place; `merge` brings in what anybody ever wrote there, since forks and the history of a shared document
       * outlive a save.
       */
      readonly kind: 'save' | 'edit' | 'checkpoint' | 'restore' | 'merge' | 'delete';
      readonly path: CanonicalPath;
    }
  | {
      readonly kind: 'move' | 'copy';
      readonly source: CanonicalPath;
      /** Its new name. */
      readonly path: CanonicalPath;
    }
);

/** `refused`: certainly nothing changed; `unknown`: nobody can say, as when the connection broke. */
export type WriteOutcome = 'done' | 'refused' | 'unknown';

export interface FileWriters {
  /**
   * Whether something of `subject` may be in the file: they wrote it, moved or copied it there, or wrote what was moved or
   * copied there, and nobody else has saved the whole file since. Guests count as one person: a guest can become another
   * by forgetting a cookie.
   */
  mayHaveWritten(subject: string, path: CanonicalPath): Promise<boolean>;
  /** Durable before it resolves, so that nothing lies there whose writer is not known. */
  begin(write: FileWrite): Promise<WriteUnderWay>;
}

export interface WriteUnderWay {
  end(outcome: WriteOutcome): Promise<void>;
}

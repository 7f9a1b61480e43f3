/**
 * Moving, copying or deleting a directory is done to everything below it, so everything below it is asked about. The gate
 * lists it with its own credentials: the asker may not be allowed to see all of what would be moved.
 */
import { joinPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import type { Subtree } from '../core/classified.ts';
import { AppError } from '../core/errors.ts';
import type { Action } from '../core/labels.ts';
import type { Question } from '../core/question.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Entry, SubtreeLister } from './list-subtree.ts';
import type { AskingContext, Questions } from './questions.ts';

/** Most entries one operation may concern. */
const LIMIT = 10_000;

export interface Subtrees {
  /**
   * Asks about everything below the source; a file costs one look-up. The refused question is undefined when all is
   * allowed. Throws `NOT_FOUND` when there is no source, `SUBTREE_TOO_LARGE` above the limit, `PATH_INVALID` for an entry
   * nothing can be asked about, and what the forwarder throws.
   */
  ask(subtree: Subtree, context: AskingContext): Promise<SubtreeAnswer>;
}

export interface SubtreeAnswer {
  /** One for each directory that was asked about. */
  readonly verdicts: readonly Verdict[];
  readonly refused: Question | undefined;
}

export interface SubtreesOptions {
  readonly lister: Pick<SubtreeLister, 'walk'>;
  readonly questions: Questions;
  /** Most entries, for tests. */
  readonly limit?: number;
}

export function createSubtrees({ lister, questions, limit = LIMIT }: SubtreesOptions): Subtrees {
  return {
    async ask(subtree, context) {
      const verdicts: Verdict[] = [];
      let count = 0;
      for await (const entries of lister.walk(subtree.source)) {
        count += entries.length;
        if (count > limit) {
          throw new AppError('SUBTREE_TOO_LARGE', { detail: `expected at most ${limit} entries` });
        }
        const asked = entries.flatMap((entry) => questionsOf(subtree, entry));
        if (asked.length === 0) continue;
        const answered = await questions.askAll(
          asked.map(({ act, path }) => questions.complete({ res: 'contents', act, path }, context)),
          context.identity,
        );
        verdicts.push(answered.verdict);
        if (answered.refused !== undefined) return { verdicts, refused: answered.refused };
      }
      return { verdicts, refused: undefined };
    },
  };
}

interface Asked {
  readonly act: Action;
  readonly path: CanonicalPath;
}

/** What is not read does not travel: a move would otherwise put it where it can be. */
function questionsOf({ kind, source, destination }: Subtree, { path }: Entry): readonly Asked[] {
  const write: Asked = { act: 'write', path };
  const read: Asked = { act: 'read', path };
  if (kind === 'delete') return [write];
  const arrive: Asked = { act: 'write', path: moved(path, source, destination) };
  return kind === 'copy' ? [read, arrive] : [write, read, arrive];
}

function moved(path: CanonicalPath, source: CanonicalPath, destination: CanonicalPath): CanonicalPath {
  return path === source ? destination : joinPath(destination, path.slice(source.length).replace(/^\//, ''));
}

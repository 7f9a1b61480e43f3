/** Requests to run code, where the policy tells saved cells from other code; nobody else pays for the look. */
import type { CanonicalPath } from '../../core/canonical-path.ts';
import { AppError } from '../../core/errors.ts';
import type { FileWriters } from '../../core/file-writers.ts';
import type { ObjectRegistry } from '../../core/objects.ts';
import type { ObjectRef, Question } from '../../core/question.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { Forwarder } from '../../forward/forwarder.ts';
import type { KernelMessage } from '../../inspect/kernel-message.ts';
import { codeOf, savedCellRequest } from '../../inspect/saved-cell-request.ts';
import type { FileTurns } from '../file-turns.ts';
import type { AskingContext, Questions } from '../questions.ts';
import { createCellStanding } from './cell-standing.ts';
import { cellSentence } from './cell-sentence.ts';
import type { NotSaved } from './cell-sentence.ts';
import { createSavedNotebooks, MISSING } from './saved-notebooks.ts';

export interface SavedCells {
  /** Asks `question`, which is about running the code of `message`, with `cell` as it is found to be. */
  ask(question: Question, about: AskedCell): Promise<CellAnswer>;
}

export interface AskedCell {
  readonly message: KernelMessage;
  readonly kernel: ObjectRef | undefined;
  readonly context: AskingContext;
}

export interface CellAnswer {
  readonly question: Question;
  readonly verdict: Verdict;
  /** What goes to the kernel when it is allowed. */
  readonly pass: KernelMessage;
  /** The sentence for a cell that would run if it were a saved one. */
  readonly why?: string;
}

export interface SavedCellsDeps {
  readonly forwarder: Pick<Forwarder, 'ask'>;
  readonly fileTurns: Pick<FileTurns, 'reading'>;
  readonly questions: Questions;
  readonly registry: Pick<ObjectRegistry, 'lookup'>;
  readonly writers: Pick<FileWriters, 'mayHaveWritten'>;
  /** `/` or `/prefix/`. */
  readonly baseUrl: string;
}

type Found = { readonly code: string } | { readonly not: NotSaved };

export function createSavedCells({
  forwarder,
  fileTurns,
  questions,
  registry,
  writers,
  baseUrl,
}: SavedCellsDeps): SavedCells {
  const notebooks = createSavedNotebooks({ forwarder, fileTurns, baseUrl });
  const standing = createCellStanding({ questions, writers });

  async function verdictOn(question: Question, { context }: AskedCell): Promise<Verdict> {
    return questions.ask(question, context.identity);
  }

  async function find(path: CanonicalPath | '', { message, kernel, context }: AskedCell): Promise<Found> {
    const code = codeOf(message);
    if (code === undefined) return { not: 'more' };
    const origin = kernel === undefined ? '' : registry.lookup(kernel.kind, kernel.id)?.origin;
    // A kernel works in the directory it was started in, and keeps what another notebook left in it.
    if (path === '' || origin !== path) return { not: 'elsewhere' };
    // Before and after: what is read in between was not theirs at either time.
    const before = await standing.of(path, context);
    if (before !== 'foreign') return { not: before };
    const saved = await notebooks.find(path, code);
    if (saved === undefined) return { not: 'changed' };
    if (saved === MISSING) return { not: 'missing' };
    const after = await standing.of(path, context);
    return after === 'foreign' ? { code: saved } : { not: after };
  }

  async function look(path: CanonicalPath | '', asked: AskedCell): Promise<Found> {
    try {
      return await find(path, asked);
    } catch (error) {
      // The socket stays: the person can press Run again.
      if (error instanceof AppError) return { not: 'unavailable' };
      throw error;
    }
  }

  return {
    async ask(question, asked) {
      const { message, context } = asked;
      const plain = { question, verdict: await verdictOn(question, asked), pass: message };
      if (!questions.restsOnMessage(question, context.identity)) return plain;
      const asSaved: Question = { ...question, cell: 'saved' };
      const { allowed } = await verdictOn(asSaved, asked);
      if (allowed === plain.verdict.allowed) return plain;
      const found = await look(question.path, asked);
      if ('code' in found) {
        const verdict = await verdictOn(asSaved, asked);
        return { question: asSaved, verdict, pass: savedCellRequest(message, found.code) };
      }
      const verdict = await verdictOn(question, asked);
      return { ...plain, verdict, why: cellSentence(found.not, question) };
    },
  };
}

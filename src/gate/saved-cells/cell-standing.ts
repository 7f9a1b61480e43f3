/** Whether what lies at a path is somebody else's work to the asker, so that running it is not running their own. */
import type { CanonicalPath } from '../../core/canonical-path.ts';
import type { FileWriters } from '../../core/file-writers.ts';
import type { Action } from '../../core/labels.ts';
import type { Verdict } from '../../core/verdict.ts';
import type { AskingContext, Questions } from '../questions.ts';

/** `unread`: may not read it; `writable`: may write it, or nobody can say; `wrote`: what they wrote may be in it. */
export type Standing = 'foreign' | 'unread' | 'writable' | 'wrote';

export interface CellStanding {
  of(path: CanonicalPath, context: AskingContext): Promise<Standing>;
}

/** A plain no. Where a condition failed or a policy is too old, the answer could be yes. */
const NO: ReadonlySet<Verdict['code']> = new Set(['DENIED_BY_POLICY', 'DENIED_BY_RULE', 'DENIED_BY_HOOK']);

export function createCellStanding(deps: {
  readonly questions: Questions;
  readonly writers: Pick<FileWriters, 'mayHaveWritten'>;
}): CellStanding {
  const { questions, writers } = deps;

  async function ask(act: Action, path: CanonicalPath, context: AskingContext): Promise<Verdict> {
    const question = questions.complete({ res: 'contents', act, path }, context);
    return questions.ask(question, context.identity);
  }

  return {
    async of(path, context) {
      const { identity } = context;
      if (!(await ask('read', path, context)).allowed) return 'unread';
      // A token may have been narrowed to fewer roles; its owner has the others all the same.
      const whole = { ...context, identity: { ...identity, roles: null } };
      if (!NO.has((await ask('write', path, whole)).code)) return 'writable';
      return (await writers.mayHaveWritten(identity.subject, path)) ? 'wrote' : 'foreign';
    },
  };
}

/** What somebody reads in a cell that did not run because it is no saved cell of somebody else. */
import type { Question } from '../../core/question.ts';

/** Why code does not count as a saved cell. */
export type NotSaved = keyof typeof SENTENCES;

const SENTENCES = {
  changed:
    'This cell is not as it was saved. Undo the change to run it: you may run the cells of NOTEBOOK as they are saved, and no other code',
  more: 'Only a cell by itself may run here, without expressions beside it and in no subshell',
  elsewhere:
    'This kernel was not started for NOTEBOOK. Shut it down and start a new one to run the cells that are saved',
  missing: 'NOTEBOOK is not saved as a notebook, and only saved cells may run here',
  unread: 'You may not read NOTEBOOK, and only what you may read may run here',
  writable: 'You may change NOTEBOOK yourself, and here you may only run what somebody else has saved',
  wrote:
    'What you wrote may be in NOTEBOOK. You may run its cells when somebody else has looked at it and saved it again',
  unavailable: 'The saved notebook could not be read just now. Run the cell again in a moment',
} as const;

/** Two or three sentences: what was refused and why, and which rule would allow it. */
export function cellSentence(why: NotSaved, { path }: Pick<Question, 'path'>): string {
  const notebook = path === '' ? 'a notebook' : `\`${path}\``;
  const said = SENTENCES[why].replace('NOTEBOOK', notebook);
  const where = path === '' ? '' : `, path \`${path}\`,`;
  return `${said}. A rule for \`execute\` on \`channels\`${where} without \`r.cell\` would allow any code; ask an administrator.`;
}

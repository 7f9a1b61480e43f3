/** What a person reads in the cell, or the log, when a message of theirs was not passed on to the kernel. */
import { ERRORS } from '../core/error-table/error-table.ts';
import type { Question } from '../core/question.ts';
import type { Verdict } from '../core/verdict.ts';
import type { MessageClass } from '../inspect/message-class.ts';

const WHAT: Readonly<Record<string, string>> = {
  execute_request: 'Running code',
  comm_open: 'Using widgets',
  comm_msg: 'Using widgets',
  comm_close: 'Using widgets',
  interrupt_request: 'Interrupting the kernel',
  shutdown_request: 'Stopping the kernel',
  debug_request: 'Debugging',
};

/** One or two sentences: what was refused, why, and which rule would allow it. */
export function refusalSentence(question: Question, verdict: Verdict, kind: MessageClass): string {
  const { act, path, msg } = question;
  const what = Object.hasOwn(WHAT, msg) ? WHAT[msg] : `Sending \`${msg.slice(0, 64)}\``;
  if (kind === 'refused' || kind === 'unknown')
    return `${what} is not possible through the gate: this message is passed on for nobody.`;
  const { message, hint } = verdict.code === 'ALLOWED' ? ERRORS.DENIED_BY_POLICY : ERRORS[verdict.code];
  const refused = `${what} is not allowed here: ${message}`;
  if (verdict.code !== 'ALLOWED' && verdict.code !== 'DENIED_BY_POLICY') return `${refused}; ${hint}.`;
  const where = path === '' ? '' : `, path \`${path}\``;
  return `${refused}. A rule for \`${act}\` on \`channels\`${where} would allow it; ${hint}.`;
}

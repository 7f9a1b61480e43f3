/**
 * The `session_id` of a kernel socket. Jupyter closes an older socket of the same kernel and id, and hands the messages that
 * wait for it to the newer one (`_open_sessions` and `get_buffer` in jupyter_server/services/kernels), whoever opens it.
 */
import { createHash } from 'node:crypto';

const SESSION_ID = /([?&]session_id=)([\w-]+)/;

/**
 * `target` with a `session_id` that only this person can arrive at. Jupyter uses it to tell connections apart and shows it
 * to nobody; messages carry the id the client gave itself. Made from both names, so it is the same after any restart
 * and on every replica, and nothing has to be remembered.
 */
export function withOwnSessionId(target: string, subject: string): string {
  return target.replace(SESSION_ID, (_all, name: string, id: string) => name + digest(subject, id));
}

function digest(subject: string, id: string): string {
  return createHash('sha256').update(`${subject}\0${id}`).digest('hex').slice(0, 32);
}

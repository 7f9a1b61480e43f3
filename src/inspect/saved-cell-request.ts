/** Requests to run a saved cell: what they must be to count as one, and all that the kernel is told of them. */
import type { KernelMessage } from './kernel-message.ts';

/**
 * The code that a request wants run, when that is all it wants; `undefined` for one with expressions to evaluate beside it
 * or for a subshell, where it would run at the same time as other cells.
 */
export function codeOf({ channel, header, content }: KernelMessage): string | undefined {
  const { code, user_expressions: expressions, user_variables: variables } = content;
  const isPlain = isNothing(expressions) && isNothing(variables) && isNothing(header['subshell_id']);
  if (channel !== 'shell' || header.msg_type !== 'execute_request' || !isPlain) return undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * The request as it goes to the kernel: the saved `code` and nothing that could carry more. Kernels adapt old protocol
 * versions, in which other fields are evaluated too (jupyter_client/adapter.py, `user_variables`); without standard input
 * running code cannot ask for some.
 */
export function savedCellRequest({ channel, header, content }: KernelMessage, code: string): KernelMessage {
  const { msg_id, msg_type } = header;
  return {
    channel,
    header: {
      msg_id,
      msg_type,
      session: textOf(header['session']),
      username: textOf(header['username']),
      date: textOf(header['date']),
      version: PROTOCOL_VERSION,
    },
    parentHeader: {},
    metadata: {},
    content: {
      code,
      silent: content['silent'] === true,
      store_history: content['store_history'] !== false,
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: content['stop_on_error'] !== false,
    },
    buffers: [],
  };
}

const PROTOCOL_VERSION = '5.3';

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

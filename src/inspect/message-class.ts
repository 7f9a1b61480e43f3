/** What each message of a client does, as a table: whoever is not in it does not get through. */

/**
 * `read` looks on, `execute` runs code or steers the kernel, `private` reads what belongs to the kernel's owner alone,
 * `refused` is for nobody, `unknown` stands for everything else. `dropped` means nothing to a kernel.
 */
export type MessageClass = 'read' | 'execute' | 'private' | 'refused' | 'unknown' | 'dropped';

interface MessageRow {
  readonly type: string;
  readonly channels: readonly string[];
  readonly is: 'read' | 'execute' | 'private' | 'refused';
  readonly remark: string;
}

/** Channels on which a client may speak; `iopub` is the kernel's own. */
const CHANNELS: ReadonlySet<string> = new Set(['shell', 'control', 'stdin']);

export const MESSAGES: readonly MessageRow[] = [
  row('kernel_info_request', 'read', 'shell control', 'frontends wait for its answer'),
  row('comm_info_request', 'read', 'shell', 'names of the open comms'),
  row('is_complete_request', 'read', 'shell', 'parses, runs nothing'),
  row('complete_request', 'read', 'shell', 'reads names of live variables'),
  row('inspect_request', 'read', 'shell', 'reads live variables'),
  row('usage_request', 'read', 'control', 'processor and memory of the kernel'),
  row('list_subshell_request', 'read', 'control', 'ids of the subshells'),
  row('history_request', 'private', 'shell', 'IPython keeps one history for the whole account'),
  row('execute_request', 'execute', 'shell', 'code, and its `user_expressions`'),
  row('comm_open', 'execute', 'shell', 'runs the callbacks of a widget'),
  row('comm_msg', 'execute', 'shell', 'runs the callbacks of a widget'),
  row('comm_close', 'execute', 'shell', 'runs the callbacks of a widget'),
  row('input_reply', 'execute', 'stdin', 'answers a question of running code'),
  row('interrupt_request', 'execute', 'control shell', 'stops what runs'),
  row('shutdown_request', 'execute', 'control shell', 'ends or restarts the kernel'),
  row('debug_request', 'execute', 'control', 'evaluates, sets breakpoints, reads and changes variables'),
  row('create_subshell_request', 'execute', 'control', 'starts a thread'),
  row('delete_subshell_request', 'execute', 'control', 'ends a thread'),
  row('connect_request', 'refused', 'shell control', "tells the kernel's own ports"),
];

const BY_TYPE: ReadonlyMap<string, MessageRow> = new Map(MESSAGES.map((entry) => [entry.type, entry]));

/** The class of a message; one on a channel that is not its own is unknown, since kernels differ in what they make of it. */
export function classOf({
  channel,
  type,
}: {
  readonly channel: string;
  readonly type: string;
}): MessageClass {
  if (!CHANNELS.has(channel)) return 'dropped';
  const found = BY_TYPE.get(type);
  return found === undefined || !found.channels.includes(channel) ? 'unknown' : found.is;
}

function row(type: string, is: MessageRow['is'], channels: string, remark: string): MessageRow {
  return { type, is, channels: channels.split(' '), remark };
}

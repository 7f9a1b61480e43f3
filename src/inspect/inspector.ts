/** Looks into one kernel socket: every message of the client is ruled on, and only what was understood is passed on. */
import { randomUUID } from 'node:crypto';
import { andThen } from '../core/soon.ts';
import type { Soon } from '../core/soon.ts';
import { legacyFraming } from './legacy-framing.ts';
import { classOf } from './message-class.ts';
import type { MessageClass } from './message-class.ts';
import type { Frame, Framing, KernelMessage } from './kernel-message.ts';
import { refusalOf } from './refusals.ts';
import { V1_PROTOCOL, v1Framing } from './v1-framing.ts';

/** What is to become of a message: it goes on, perhaps narrowed, or it is answered with `why`, and where to `ask` for it. */
export type Ruling =
  { readonly pass: KernelMessage } | { readonly why: string; readonly ask?: string | undefined };

/** Rules on a message that a client sent and the kernel may hear of. */
export type RuleOn = (message: KernelMessage, kind: MessageClass) => Soon<Ruling>;

/** Frames to send on, and back. */
export interface Outcome {
  readonly toServer?: Frame;
  readonly toClient: readonly Frame[];
}

export interface Inspector {
  /** Takes note of a frame of the Jupyter Server. */
  heard(frame: Frame): void;
  /** What becomes of a frame of the client. Throws `MESSAGE_INVALID`, and what the ruling throws. */
  inspect(frame: Frame): Soon<Outcome>;
}

/** Larger frames are outputs, and the kernel said something small before. */
const LARGEST_NOTED = 65_536;
const NOTHING: Outcome = { toClient: [] };

/** An inspector for a socket whose subprotocol is `protocol`, `''` where there is none. */
export function createInspector(protocol: string, ruleOn: RuleOn): Inspector {
  const framing: Framing = protocol === V1_PROTOCOL ? v1Framing : legacyFraming;
  const own = randomUUID();
  let last: Frame | undefined;

  /** Read only when it is needed: refusals are rare, frames are not. */
  function session(): string {
    const text = last === undefined ? undefined : framing.headerText(last);
    return (text === undefined ? undefined : sessionIn(text)) ?? own;
  }

  function outcome(message: KernelMessage, ruling: Ruling): Outcome {
    if ('pass' in ruling) return { toServer: framing.encode(ruling.pass), toClient: [] };
    const { why, ask } = ruling;
    const answers = refusalOf(message, { why, ask, session: session() });
    return { toClient: answers.map((answer) => framing.encode(answer)) };
  }

  return {
    heard(frame) {
      if (frame.length <= LARGEST_NOTED) last = frame;
    },
    inspect(frame) {
      const message = framing.decode(frame);
      const kind = classOf({ channel: message.channel, type: message.header.msg_type });
      if (kind === 'dropped') return NOTHING;
      return andThen(ruleOn(message, kind), (ruling) => outcome(message, ruling));
    },
  };
}

function sessionIn(text: string): string | undefined {
  try {
    const { session } = JSON.parse(text) as { readonly session?: unknown };
    return typeof session === 'string' ? session : undefined;
  } catch {
    return undefined;
  }
}

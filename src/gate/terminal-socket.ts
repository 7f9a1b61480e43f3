/**
 * A socket to a terminal. Who may use it and started it is tunnelled; for everybody else what is typed is a question of its
 * own, and who may only read follows the output.
 */
import type { QuestionDraft } from '../core/question.ts';
import type { BridgeHandlers, ClientOutcome } from '../forward/forwarder.ts';
import { readTerminalFrame, withNotice } from '../inspect/terminal-frame.ts';
import type { Plan, PlanOptions, RefusedMessage } from './looked-into.ts';
import type { Questions } from './questions.ts';

export interface TerminalSocketDeps {
  readonly questions: Questions;
  /** Throws `POLICY_STALE`. */
  readonly assertFresh: () => void;
}

/**
 * Said once, in inverse video on a line of its own before the first output: nothing was drawn yet that it could get in the
 * way of.
 */
const NOTICE = '\u001b[7m View only: what you type here is not sent. \u001b[0m\r\n';
const NOTHING: ClientOutcome = { toClient: [] };

export async function planTerminalSocket(
  deps: TerminalSocketDeps,
  { admission, client, onRefused }: PlanOptions,
): Promise<Plan> {
  const { classified, identity } = admission;
  const context = { identity, client };
  const draft: QuestionDraft = { ...classified.questions[0], act: 'execute' };
  const ask = async () => {
    const question = deps.questions.complete(draft, context);
    return { question, verdict: await deps.questions.ask(question, identity) };
  };
  const isWhole = async (): Promise<boolean> => {
    const { question, verdict } = await ask();
    return verdict.allowed && question.own === question.sub;
  };
  if (await isWhole()) {
    return { questions: [deps.questions.complete(draft, context)], stillStands: isWhole, bridge: undefined };
  }
  return {
    questions: [],
    bridge: { isHeard: true, open: () => followTerminal({ ...deps, ask, onRefused }) },
  };
}

interface Following extends TerminalSocketDeps {
  /** Whether typing is allowed, now. */
  readonly ask: () => Promise<RefusedMessage>;
  readonly onRefused: (refused: RefusedMessage) => void;
}

function followTerminal({ assertFresh, ask, onRefused }: Following): BridgeHandlers {
  let isNoticed = false;
  const recorded = new Set<string>();
  return {
    async onServerMessage(message) {
      if (isNoticed) return message;
      const noticed = withNotice(message, NOTICE);
      if (noticed === undefined) return message;
      isNoticed = true;
      return (await ask()).verdict.allowed ? message : noticed;
    },
    async onClientMessage(message) {
      const { kind, text } = readTerminalFrame(message);
      assertFresh();
      const answer = await ask();
      if (answer.verdict.allowed) return { toServer: text, toClient: [] };
      // Every terminal tells its size when it is opened; only what somebody meant to do is worth a line in the record.
      if (kind === 'stdin' && !recorded.has(kind)) {
        recorded.add(kind);
        onRefused({ ...answer, question: { ...answer.question, msg: kind } });
      }
      return NOTHING;
    },
  };
}

/**
 * A socket to the channels of a kernel. Who may do everything there, on a kernel of their own, is tunnelled; for everybody
 * else each message is a question of its own, put to the policy that is in force when it comes.
 */
import { queryValues, withParameter } from '../core/target.ts';
import type { Question, QuestionDraft } from '../core/question.ts';
import { andThen } from '../core/soon.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Forwarder } from '../forward/forwarder.ts';
import { createInspector } from '../inspect/inspector.ts';
import type { RuleOn, Ruling } from '../inspect/inspector.ts';
import type { MessageClass } from '../inspect/message-class.ts';
import type { Admission } from './admit.ts';
import type { ChannelSessions } from './channel-sessions.ts';
import type { Plan, PlanOptions, RefusedMessage } from './looked-into.ts';
import { refusalSentence } from './refusal-sentence.ts';
import type { AskingContext, Questions } from './questions.ts';
import type { CellAnswer, SavedCells } from './saved-cells/saved-cells.ts';

export interface KernelSocketDeps {
  readonly forwarder: Forwarder;
  readonly questions: Questions;
  readonly channelSessions: ChannelSessions;
  readonly savedCells: SavedCells;
  /** Throws `POLICY_STALE`. */
  readonly assertFresh: () => void;
  /** Where people ask for what they were refused; left out where nobody can. */
  readonly askAddress?: ((question: Question, context: AskingContext) => string | undefined) | undefined;
}

export interface KernelSocketPlan extends Plan {
  readonly target: string;
}

/** A client may make up as many types as it likes; the record takes this many from one socket. */
const MOST_RECORDED = 32;

/** Throws `SESSION_ID_TAKEN` and `STORE_UNAVAILABLE`. */
export async function planKernelSocket(
  deps: KernelSocketDeps,
  { admission, client, onRefused }: PlanOptions,
): Promise<KernelSocketPlan> {
  const { classified, identity } = admission;
  const context = { identity, client };
  const draft: QuestionDraft = { ...classified.questions[0], act: 'execute' };
  const target = await boundTarget(deps, admission);
  const isWhole = (): Promise<boolean> => mayEverything(deps.questions, draft, context);
  if (await isWhole()) {
    return {
      target,
      questions: [deps.questions.complete(draft, context)],
      stillStands: isWhole,
      bridge: undefined,
    };
  }
  const ruleOn = createRuling(deps, { draft, context, onRefused });
  return {
    target,
    questions: [],
    bridge: {
      isHeard: true,
      open: (protocol) => {
        const inspector = createInspector(protocol, ruleOn);
        return {
          onServerMessage: (message) => {
            inspector.heard(message);
            return message;
          },
          onClientMessage: (message) => inspector.inspect(message),
        };
      },
    },
  };
}

/** Nothing a message could say would change the answer, and nobody else's work is at stake. */
async function mayEverything(
  questions: Questions,
  draft: QuestionDraft,
  context: AskingContext,
): Promise<boolean> {
  const question = questions.complete(draft, context);
  return (
    question.own === question.sub &&
    !questions.restsOnMessage(question, context.identity) &&
    (await questions.ask(question, context.identity)).allowed
  );
}

async function boundTarget(
  { channelSessions }: KernelSocketDeps,
  { classified, identity }: Admission,
): Promise<string> {
  const sessionId = queryValues(classified.target, 'session_id').at(-1);
  if (sessionId === undefined) return classified.target;
  const kernel = classified.object?.id ?? '';
  const bound = await channelSessions.bind({ kernel, sessionId, subject: identity.subject });
  return withParameter(classified.target, 'session_id', bound);
}

interface RulingOptions {
  readonly draft: QuestionDraft;
  readonly context: AskingContext;
  readonly onRefused: (refused: RefusedMessage) => void;
}

/** Asks about each message: looking on is `read`, all that runs code or steers the kernel is `execute`. */
function createRuling(deps: KernelSocketDeps, { draft, context, onRefused }: RulingOptions): RuleOn {
  const { questions, savedCells, assertFresh, askAddress } = deps;
  const reading: QuestionDraft = { ...draft, act: 'read' };
  const recorded = new Set<string>();

  function rule({ question, verdict, pass, why }: CellAnswer, kind: MessageClass): Ruling {
    const isForNobody = kind === 'refused' || kind === 'unknown';
    const isForOwner = kind === 'private' && question.own !== question.sub;
    if (verdict.allowed && !isForNobody && !isForOwner) return { pass };
    if (kind !== 'private' && recorded.size < MOST_RECORDED && !recorded.has(question.msg)) {
      recorded.add(question.msg);
      onRefused({ question, verdict: isForNobody ? forNobody(verdict) : verdict });
    }
    return {
      why: why ?? refusalSentence(question, verdict, kind),
      // Where a condition failed or a rule denies it, a role would not help.
      ask:
        kind === 'execute' && verdict.code === 'DENIED_BY_POLICY'
          ? askAddress?.(question, context)
          : undefined,
    };
  }

  return (message, kind) => {
    assertFresh();
    const type = message.header.msg_type;
    const isReading = kind === 'read' || kind === 'private';
    const question = questions.complete(isReading ? reading : draft, context, type);
    const answer =
      kind === 'execute' && type === 'execute_request'
        ? savedCells.ask(question, { message, kernel: draft.object, context })
        : andThen(questions.ask(question, context.identity), (verdict) => ({
            question,
            verdict,
            pass: message,
          }));
    return andThen(answer, (answered) => rule(answered, kind));
  };
}

function forNobody(verdict: Verdict): Verdict {
  return { ...verdict, allowed: false, code: 'DENIED_BY_POLICY', rules: [], grants: [] };
}

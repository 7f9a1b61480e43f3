/** What becomes of the messages of one page that change or save the document of its room. */
import type { CanonicalPath } from '../core/canonical-path.ts';
import type { Action } from '../core/labels.ts';
import type { BridgeMessage, ClientOutcome } from '../forward/forwarder.ts';
import { encodeYMessage, saveFailed } from '../inspect/y-message.ts';
import type { YMessage } from '../inspect/y-message.ts';
import type { RefusedMessage } from './looked-into.ts';

/** `path` is that of the file, and `refused` is left out where the file is not known. */
export type RoomAnswer =
  | { readonly allowed: true; readonly path: CanonicalPath }
  | { readonly allowed: false; readonly refused?: RefusedMessage };

/** Asks about the file behind the room, as it is now. */
export type AskRoom = (act: Action) => Promise<RoomAnswer>;

/** Writes down that the asker changed the file. */
export type NoteChange = (path: CanonicalPath) => Promise<void>;

export type Change = Exclude<YMessage, { readonly kind: 'awareness' | 'step1' | 'unknown' }>;

export interface RoomChanges {
  /** Takes note of the server's step 1: what it asked the page for. */
  asked(frame: BridgeMessage): void;
  /** Lets it pass, or drops it. */
  ruleOn(message: Change): Promise<ClientOutcome>;
}

export interface RoomChangesDeps {
  readonly ask: AskRoom;
  readonly note: NoteChange;
  readonly onRefused: (refused: RefusedMessage) => void;
}

export const NOTHING: ClientOutcome = { toClient: [] };

export function createRoomChanges({ ask, note, onRefused }: RoomChangesDeps): RoomChanges {
  const recorded = new Set<string>();
  let updates = 0;
  let step1: BridgeMessage | undefined;
  /** Whether some of what this page wrote was dropped. */
  let lacks = false;

  function record(kind: Change['kind'], refused: RefusedMessage | undefined): void {
    if (kind === 'update') updates += 1;
    // A page answers the server's step 1 and writes the room's name into the document by itself (docprovider, `_onSync`).
    const isOwnDoing = kind === 'step2' || (kind === 'update' && updates === 1);
    if (refused === undefined || isOwnDoing || recorded.has(kind)) return;
    recorded.add(kind);
    onRefused({ ...refused, question: { ...refused.question, msg: kind } });
  }

  /** An update builds on those before it: when some were dropped, the page is asked again for all the server lacks. */
  function pass(message: Change): ClientOutcome {
    if (message.kind === 'step2') lacks = false;
    if (lacks && message.kind === 'update' && step1 !== undefined) {
      lacks = false;
      return { toClient: [step1] };
    }
    return { toServer: encodeYMessage(message), toClient: [] };
  }

  return {
    asked: (frame) => void (step1 = frame),
    async ruleOn(message) {
      const answer = await ask('write');
      if (answer.allowed) {
        if (message.kind !== 'save') await note(answer.path);
        return pass(message);
      }
      lacks ||= message.kind !== 'save';
      record(message.kind, answer.refused);
      return message.kind === 'save' ? { toClient: [saveFailed(message.id)] } : NOTHING;
    },
  };
}

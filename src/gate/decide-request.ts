/** decide, for one request: its questions, the name of what it creates, and everything below a directory it takes along. */
import type { Classified, Subtree } from '../core/classified.ts';
import type { ObjectRegistry } from '../core/objects.ts';
import { andThen } from '../core/soon.ts';
import type { Soon } from '../core/soon.ts';
import type { Verdict } from '../core/verdict.ts';
import type { Asker } from '../present/presenter.ts';
import { askDrafted } from './ask-drafted.ts';
import { endedKernel } from './ended-kernel.ts';
import type { NewEntries } from './new-entries.ts';
import type { AskingContext, Questions } from './questions.ts';
import { denied, refusal, wanted } from './refusal.ts';
import type { Refused } from './refusal.ts';
import type { Subtrees } from './subtree.ts';
import type { Trail } from './trail.ts';

export interface DecideDeps {
  readonly questions: Questions;
  readonly registry: Pick<ObjectRegistry, 'lookup'>;
  readonly subtrees: Subtrees;
  readonly newEntries: NewEntries;
}

export interface Decided {
  /** With the path that what it creates gets, where the gate chooses that. */
  readonly classified: Classified;
  readonly verdict: Verdict;
}

/** Throws or rejects with the refusal. */
export function decideRequest(
  deps: DecideDeps,
  classified: Classified,
  trail: Trail,
  context: AskingContext,
): Soon<Decided> {
  return andThen(askQuestions(deps, classified, trail, context), (verdict) => {
    if (classified.presentation === 'contents-created') return decideNew(deps, classified, trail, context);
    if (classified.subtree === undefined) return { classified, verdict };
    return decideSubtree(deps, { classified, verdict }, trail, context);
  });
}

function askQuestions(
  deps: DecideDeps,
  classified: Classified,
  trail: Trail,
  context: AskingContext,
): Soon<Verdict> {
  const ended = endedKernel(deps.registry, classified);
  const drafts = ended.length === 0 ? classified.questions : [...classified.questions, ...ended];
  const asked = drafts.map((draft) => deps.questions.complete(draft, context));
  trail.questions = asked;
  return andThen(
    askDrafted({ questions: deps.questions, asked, classified, context }),
    ({ verdict, refused }) => {
      trail.verdict = verdict;
      if (refused === undefined) return verdict;
      trail.refused = refused;
      const draft = drafts[asked.indexOf(refused)];
      return refuse({ verdict, question: refused, draft, classified }, deps.questions.asker(context));
    },
  );
}

async function refuse(refused: Refused, asker: Asker): Promise<never> {
  throw await refusal(refused, asker);
}

async function decideSubtree(
  deps: DecideDeps,
  decided: Decided,
  trail: Trail,
  context: AskingContext,
): Promise<Decided> {
  await askSubtree(deps, decided.classified, trail, context);
  return decided;
}

/** Asked so far was about the name it would like best, before anybody looked which one is free. */
async function decideNew(
  deps: DecideDeps,
  classified: Classified,
  trail: Trail,
  context: AskingContext,
): Promise<Decided> {
  const path = await deps.newEntries.place(classified);
  const [headline, ...others] = classified.questions;
  const { subtree } = classified;
  const placed: Classified = {
    ...classified,
    path,
    questions: [{ ...headline, path }, ...others],
    subtree: subtree && { ...subtree, destination: path },
  };
  trail.classified = placed;
  try {
    const verdict = await askQuestions(deps, placed, trail, context);
    await askSubtree(deps, placed, trail, context);
    return { classified: placed, verdict };
  } catch (error) {
    deps.newEntries.release(placed);
    throw error;
  }
}

/** What is below a directory may be none of the asker's business: its name then stays out of the refusal. */
async function askSubtree(
  deps: DecideDeps,
  { subtree }: { readonly subtree: Subtree | undefined },
  trail: Trail,
  context: AskingContext,
): Promise<void> {
  if (subtree === undefined) return;
  const { verdicts, refused } = await deps.subtrees.ask(subtree, context);
  const verdict = verdicts.at(-1);
  if (refused === undefined || verdict === undefined) return;
  trail.verdict = verdict;
  trail.questions = [...trail.questions, refused];
  const asker = deps.questions.asker(context);
  const seen = refused.path !== '' && (await asker.may('contents', 'read', refused.path));
  throw denied(verdict, seen ? wanted(refused) : `${refused.act} ${refused.res} below \`${subtree.source}\``);
}

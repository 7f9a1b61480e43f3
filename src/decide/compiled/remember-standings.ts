/** Where askers stand, remembered: by who asks, and for all who hold the same. */
import { createBoundedCache } from '../bounded-cache.ts';
import { isTrueNow } from '../role-index.ts';
import { lookUp } from './persistent-map.ts';
import { matcherOf, standingOf } from './standing.ts';
import type { Clock } from '../../core/clock.ts';
import type { Question } from '../../core/question.ts';
import type { BoundedCache } from '../bounded-cache.ts';
import type { CompiledPolicy } from './compiled-policy.ts';
import type { CompiledStanding, StandingParts } from './standing.ts';

const MAX_STANDINGS = 32_768;
/** People who are found without a look at what they hold: those who are there at the moment. */
const MAX_AT_HAND = 4096;
/** People with very many roles, whose standings are large. */
const MAX_CROWDS = 64;
/** Servers whose askers are remembered. */
const MAX_SERVERS = 64;

interface Remembered {
  /** By the asker, for those who asked last. */
  readonly atHand: BoundedCache<CompiledStanding>;
  /** By the number of what they hold, for all who hold the same. */
  readonly shared: BoundedCache<CompiledStanding, number>;
  /** By the asker, for those who share theirs with nobody. */
  readonly own: BoundedCache<CompiledStanding>;
  /** By the asker, for those with very many roles. */
  readonly crowds: BoundedCache<CompiledStanding>;
}

/** A function that gives where an asker stands at a moment. */
export function createStandings(
  given: Omit<StandingParts, 'matcher'>,
): (question: Question, roles: readonly string[] | null) => CompiledStanding {
  const parts = { ...given, matcher: matcherOf(given.policy.model) };
  const narrowed = createBoundedCache<CompiledStanding>(MAX_STANDINGS);
  const narrowedCrowds = createBoundedCache<CompiledStanding>(MAX_CROWDS);
  const byServer = createBoundedCache<Remembered>(MAX_SERVERS);
  const { clock } = given;
  return (question, roles) => {
    const { sub, srv } = question;
    if (roles !== null) {
      const key = JSON.stringify([sub, srv, roles]);
      const known = valid(narrowed.get(key) ?? narrowedCrowds.get(key), clock);
      if (known !== undefined) return known;
      const standing = standingOf(parts, question, { roles });
      return kept(standing.crowd === undefined ? narrowed : narrowedCrowds, key, standing);
    }
    const remembered = byServer.get(srv) ?? kept(byServer, srv, rememberingNobody());
    return valid(remembered.atHand.get(sub), clock) ?? rememberedStanding(parts, remembered, question);
  };
}

function rememberingNobody(): Remembered {
  return {
    atHand: createBoundedCache(MAX_AT_HAND),
    shared: createBoundedCache(MAX_STANDINGS),
    own: createBoundedCache(MAX_STANDINGS),
    crowds: createBoundedCache(MAX_CROWDS),
  };
}

function rememberedStanding(
  parts: StandingParts,
  remembered: Remembered,
  question: Question,
): CompiledStanding {
  const { clock } = parts;
  const { atHand, shared, own, crowds } = remembered;
  const { sub } = question;
  const { alike, grants } = parts.index.holdings(sub);
  if (alike !== undefined && isShared(parts.policy, sub)) {
    const standing =
      valid(shared.get(alike), clock) ?? kept(shared, alike, standingOf(parts, question, { alike }));
    return kept(atHand, sub, { ...standing, own: grants });
  }
  const known = valid(own.get(sub) ?? crowds.get(sub), clock);
  if (known !== undefined) return known.crowd === undefined ? kept(atHand, sub, known) : known;
  const standing = standingOf(parts, question);
  if (standing.crowd !== undefined) return kept(crowds, sub, standing);
  own.set(sub, standing);
  return kept(atHand, sub, standing);
}

function kept<K, V>(cache: BoundedCache<V, K>, key: K, value: V): V {
  cache.set(key, value);
  return value;
}

function valid(standing: CompiledStanding | undefined, clock: Clock): CompiledStanding | undefined {
  return standing !== undefined && isTrueNow(standing.closure, clock) ? standing : undefined;
}

/** Whether an asker stands where all do who hold the same: those with rules of their own do not. */
function isShared({ model, ofPeople }: CompiledPolicy, subject: string): boolean {
  return model.tie?.kind !== 'equal' && (ofPeople === undefined || lookUp(ofPeople, subject) === undefined);
}

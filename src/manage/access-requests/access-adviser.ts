/** Tells somebody who was refused what comes nearest and what would help, without telling what is none of their business. */
import type { AccessAdvice } from '../../core/access-advice.ts';
import { asAppError } from '../../core/errors.ts';
import type { RoleRecord } from '../../store/store.ts';
import type { Management } from '../management.ts';
import { nearestRule } from './nearest-rule.ts';
import { createSuggestRole } from './suggest-role.ts';
import { elsewhere, isKnown, thingOf } from './wanted-access.ts';
import type { Wanted } from './wanted-access.ts';

export interface AccessAdviser {
  /** For the asker; undefined when nothing is missing. */
  advise(wanted: Wanted): Promise<AccessAdvice | undefined>;
  /** For administrators: the smallest role that would do, whatever the asker may know of it. */
  suggest(wanted: Wanted): Promise<RoleRecord | undefined>;
}

export function createAccessAdviser(management: Management): AccessAdviser {
  const search = createSuggestRole(management);

  async function suggest({ questions }: Wanted): Promise<RoleRecord | undefined> {
    try {
      return await search(questions);
    } catch (error) {
      // Too many at once, or a model without roles: the refusal stands without a suggestion.
      const { code } = asAppError(error);
      if (code === 'OVERLOADED' || code === 'MODEL_INVALID') return undefined;
      throw error;
    }
  }

  return {
    suggest,
    async advise(wanted) {
      const { refused } = wanted;
      if (refused === undefined) return undefined;
      const { current } = management.decider;
      const known = isKnown(current, refused);
      // What is said of a path nobody has heard of tells nothing about the one that was asked for.
      const said = known ? wanted : elsewhere(current, wanted);
      const role = said.refused === undefined ? undefined : await suggest(said);
      return {
        thing: thingOf(refused),
        isKnown: known,
        nearest: said.refused === undefined ? undefined : nearestRule(current, said.refused),
        role: role === undefined ? undefined : { name: role.name, description: role.description },
      };
    },
  };
}

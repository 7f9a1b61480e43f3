/** One-time sign-in links, as the program prints them and the admin API hands them out. */
import type { GateConfig } from '../config/config.ts';
import { gateActor } from '../manage/actor.ts';
import { FIRST_USER } from '../manage/first-start.ts';
import { createLink } from '../manage/sign-in/create-link.ts';
import { maySignIn } from '../manage/sign-in/may-sign-in.ts';
import type { Core } from './open-core.ts';

export interface SignInLinks {
  readonly urlOf: (code: string) => string;
  /** A fresh link of the first user, to the welcome notebook if there is one; undefined when they are gone or disabled. */
  ofFirstUser(): Promise<string | undefined>;
}

/** Links below `base`, the address people open with the base path. */
export function createSignInLinks(
  base: string,
  { policy: { store, management }, upstream }: Pick<Core, 'policy' | 'upstream'>,
  { linkLifetime, baseUrl }: Pick<GateConfig, 'linkLifetime' | 'baseUrl'>,
): SignInLinks {
  const urlOf = (code: string): string => `${base}gate/login?link=${encodeURIComponent(code)}`;
  return {
    urlOf,
    async ofFirstUser() {
      if (!maySignIn(await store.read.users.find(FIRST_USER))) return undefined;
      const deps = { store, clock: management.clock, linkLifetime };
      const url = urlOf((await createLink(deps, gateActor, { user: FIRST_USER })).code);
      const welcome = await upstream.welcomePage();
      return welcome === undefined ? url : `${url}&next=${encodeURIComponent(baseUrl + welcome)}`;
    },
  };
}

/** What a row of the admin API declares; routing, authorization, validation and OpenAPI all come from it. */
import type { z } from 'zod';
import type { Action, GateResource } from '../core/labels.ts';
import type { LiveConnections } from '../core/live-socket.ts';
import type { Actor } from '../manage/actor.ts';
import type { ClassifyUrl } from '../manage/decisions/explain.ts';
import type { Management } from '../manage/management.ts';
import type { SignInAttempts } from '../manage/sign-in/sign-in-deps.ts';
import type { Repositories } from '../store/store.ts';
import { validated } from './validate.ts';

/** What handlers work with beyond the use cases themselves. */
export interface AdminServices {
  readonly management: Management;
  readonly classifyUrl: ClassifyUrl;
  readonly connections: LiveConnections;
  /** Who guessed too often. */
  readonly attempts: SignInAttempts;
  /** Milliseconds a sign-in link lasts when the caller does not say. */
  readonly linkLifetime: number;
  /** The address a person opens for a sign-in link's code. */
  readonly signInUrl: (code: string) => string;
  /** The address a person opens for an invitation's code. */
  readonly inviteUrl: (code: string) => string;
}

/** The parts of an address in `{braces}`, decoded. */
export type Params = Readonly<Record<string, string>>;

export interface Call<Query, Body> {
  readonly services: AdminServices;
  readonly actor: Actor;
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
}

export interface Reply {
  readonly body?: unknown;
  /** When it is not the row's. */
  readonly status?: number;
  /** Address of what was created, below `/api/v1`. */
  readonly location?: string;
  /** Revision in force after a write. */
  readonly revision?: number;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface Declared {
  readonly method: Method;
  /** Below `/api/v1`, parameters in braces: `/users/{name}`. */
  readonly path: string;
  readonly resource: GateResource;
  readonly action: Action;
  /** One sentence for the documentation, without a final stop. */
  readonly summary: string;
  /** Status of success. */
  readonly status: number;
  /** Shape of the answer; left out: it has no body. */
  readonly answer?: z.ZodType | undefined;
  /** A body that may be sent, for the documentation. */
  readonly example?: unknown;
  /** True when an empty body stands for `{}`. */
  readonly bodyOptional?: boolean | undefined;
  /**
   * The single resource behind the address, as GET shows it: the source of its ETag. Asked inside the transaction
   * too, so that `If-Match` holds against writers of the same moment.
   */
  readonly represent?:
    ((repositories: Repositories, params: Params, services: AdminServices) => Promise<unknown>) | undefined;
}

interface Row<Query extends z.ZodType, Body extends z.ZodType> extends Declared {
  readonly query?: Query | undefined;
  readonly body?: Body | undefined;
  readonly handle: (call: Call<z.output<Query>, z.output<Body>>) => Promise<Reply>;
}

/** A row with its handler behind its own validation. */
export interface Endpoint extends Declared {
  readonly query: z.ZodType | undefined;
  readonly body: z.ZodType | undefined;
  /** Throws `INPUT_INVALID` with one problem for each field that is wrong. */
  readonly run: (call: Call<unknown, unknown>) => Promise<Reply>;
}

/** Declares one row. */
export function endpoint<Query extends z.ZodType = z.ZodUndefined, Body extends z.ZodType = z.ZodUndefined>(
  row: Row<Query, Body>,
): Endpoint {
  const { handle, query, body, ...declared } = row;
  return {
    ...declared,
    query,
    body,
    run: async (call) =>
      handle({
        ...call,
        query: validated(query, call.query, 'query'),
        body: validated(body, call.body, ''),
      }),
  };
}

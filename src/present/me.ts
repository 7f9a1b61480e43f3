/** `GET /api/me`: who the gate says is signed in, and what the policy gives them. Never the server's own anonymous user. */
import { ROOT_PATH } from '../core/canonical-path.ts';
import { AppError } from '../core/errors.ts';
import type { Answer } from '../core/http.ts';
import type { Identity } from '../core/identity.ts';
import type { Classified } from '../core/classified.ts';
import { isAction, isJupyterResource, isResource } from '../core/labels.ts';
import type { Action, Resource } from '../core/labels.ts';
import { NO_OWNER } from '../core/question.ts';
import { queryValues } from '../core/target.ts';
import { allowedOf, inTurns } from './in-turns.ts';
import type { Asker } from './presenter.ts';
import type { PresentDeps } from './presentation.ts';
import { isObject, jsonAnswer } from './reply.ts';
import type { JsonObject } from './reply.ts';

/** Most labels one query may ask for; each is several decisions. */
const QUERY_LIMIT = 100;

/** The identity model and the permissions asked for in `?permissions=`. Throws `BODY_INVALID` for another shape. */
export async function me(_deps: PresentDeps, { target }: Classified, asker: Asker): Promise<Answer> {
  const permissions = await permissionsOf(wanted(queryValues(target, 'permissions').at(-1) ?? ''), asker);
  return jsonAnswer(200, {
    identity: shownIdentity(asker.identity),
    permissions: { ...permissions, updatable_fields: [] },
  });
}

/** Who somebody is to everybody else: Jupyter's identity model. */
export function shownIdentity({ subject, displayName }: Identity): JsonObject {
  return {
    username: subject,
    name: displayName,
    display_name: displayName,
    initials: initialsOf(displayName),
    avatar_url: null,
    color: null,
  };
}

function initialsOf(displayName: string): string | null {
  const words = displayName.split(/[\s._-]+/u).filter((word) => word !== '');
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => Array.from(word ?? '')[0] ?? '',
  );
  return letters.join('').toUpperCase() || null;
}

function wanted(query: string): ReadonlyMap<string, readonly string[]> {
  if (query === '') return new Map();
  const value = parsed(query);
  if (!isObject(value) || !Object.values(value).every(isTextList)) throw badPermissions();
  const lists = new Map(Object.entries(value) as [string, readonly string[]][]);
  if ([...lists.values()].flat().length > QUERY_LIMIT) throw badPermissions();
  return lists;
}

function parsed(query: string): unknown {
  try {
    return JSON.parse(query) as unknown;
  } catch {
    throw badPermissions();
  }
}

function badPermissions(): AppError {
  const detail = `expected \`permissions\` to be a JSON object of resource to list of actions, at most ${QUERY_LIMIT} in all`;
  return new AppError('BODY_INVALID', { detail });
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

async function permissionsOf(
  asked: ReadonlyMap<string, readonly string[]>,
  asker: Asker,
): Promise<Record<string, readonly string[]>> {
  const entries = await inTurns([...asked], async ([resource, actions]) => [
    resource,
    await allowedOf(actions, (action) => isAllowed(resource, action, asker)),
  ]);
  return Object.fromEntries(entries) as Record<string, readonly string[]>;
}

/** Jupyter's own labels; its `kernels:execute` is what the gate asks as `channels:execute`. */
async function isAllowed(resource: string, action: string, asker: Asker): Promise<boolean> {
  if (!isResource(resource) || !isAction(action) || !isJupyterResource(resource)) return false;
  return mayAnywhere(resource === 'kernels' && action === 'execute' ? 'channels' : resource, action, asker);
}

/**
 * Whether there may be something the asker can do this with: without a path, at the root, or with an object of their
 * own. A right to some files only shows as the right to read contents; the answer is a hint, not a decision.
 */
async function mayAnywhere(resource: Resource, action: Action, asker: Asker): Promise<boolean> {
  for (const own of [NO_OWNER, asker.identity.subject]) {
    for (const path of ['' as const, ROOT_PATH]) {
      if (await asker.may(resource, action, path, own)) return true;
    }
  }
  return resource === 'contents' && action === 'read' && asker.leads(ROOT_PATH);
}

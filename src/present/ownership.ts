/** Who owns what: written down before the creator sees the reply, taken out when the object is gone. */
import { canonicalPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import { AppError } from '../core/errors.ts';
import type { Resource } from '../core/labels.ts';
import type { NewObject } from '../core/objects.ts';
import type { ObjectKind, ObjectRef } from '../core/question.ts';
import { allowedOf } from './in-turns.ts';
import type { Asker } from './presenter.ts';
import type { PresentDeps } from './presentation.ts';

/** How old a record must be before its absence from a list means that the object is gone, ms. A list may be that late. */
const GRACE = 5 * 60_000;

export const RESOURCE_OF: Readonly<Record<ObjectKind, Resource>> = {
  kernel: 'kernels',
  session: 'sessions',
  terminal: 'terminals',
};

/** What the Jupyter Server said it created, without an owner yet. */
export type Created = Omit<NewObject, 'owner'>;

/**
 * Makes the asker the owner of everything in `objects` that nobody owns. Jupyter answers a creation with an object that
 * was there before when the path or id matches: what belongs to somebody else is refused with `OBJECT_FOREIGN` unless
 * the asker may see it. When the database fails, what is new is taken back where that ends nothing else. What stays
 * without an owner all the same is `?`: only a rule that names `?` reaches it.
 */
export async function claim(deps: PresentDeps, asker: Asker, objects: readonly Created[]): Promise<void> {
  const fresh = await allowedOf(objects, (object) => isFresh(deps, asker, object));
  try {
    for (const object of fresh) await deps.registry.record({ ...object, owner: asker.identity.subject });
  } catch (cause) {
    for (const object of fresh) if (endsAlone(object, fresh)) await takeBack(deps, object);
    throw cause;
  }
}

async function isFresh({ registry }: PresentDeps, asker: Asker, { kind, id }: Created): Promise<boolean> {
  // The name of a terminal that ended is given again, and a creation never answers with a living one.
  if (kind === 'terminal') return true;
  const known = registry.lookup(kind, id);
  if (known === undefined) return true;
  if (known.owner === asker.identity.subject) return false;
  if (!(await asker.mayObject(RESOURCE_OF[kind], 'read', { kind, id }))) throw new AppError('OBJECT_FOREIGN');
  return false;
}

/** Jupyter ends the kernel with its session: one that was there before has people of its own. */
function endsAlone({ kind, kernelId }: Created, fresh: readonly Created[]): boolean {
  return kind !== 'session' || fresh.some((other) => other.kind === 'kernel' && other.id === kernelId);
}

async function takeBack({ ask, baseUrl }: PresentDeps, { kind, id }: Created): Promise<void> {
  // The first failure is the one to report; this is only tidying up.
  await ask('DELETE', `${baseUrl}api/${RESOURCE_OF[kind]}/${encodeURIComponent(id)}`).catch(() => undefined);
}

/** Takes the object out, with what ends with it: a session's kernel, a kernel's sessions. */
export async function forgetObject({ registry }: PresentDeps, { kind, id }: ObjectRef): Promise<void> {
  const known = registry.lookup(kind, id);
  await registry.forget(kind, id);
  if (known === undefined || kind === 'terminal') return;
  const kernelId = kind === 'kernel' ? id : known.kernelId;
  if (kernelId === null) return;
  if (kind === 'session') await registry.forget('kernel', kernelId);
  for (const session of registry.ownedBy(known.owner, 'session')) {
    if (session.kernelId === kernelId) await registry.forget('session', session.id);
  }
}

/** Takes out what the asker owned and a complete list of the Jupyter Server does not hold any more. */
export async function reconcile(
  { registry, clock }: PresentDeps,
  asker: Asker,
  kind: ObjectKind,
  alive: ReadonlySet<string>,
): Promise<void> {
  const before = clock.now() - GRACE;
  const gone = registry
    .ownedBy(asker.identity.subject, kind)
    .filter((object) => object.createdAt < before && !alive.has(object.id));
  // A list is an answer in its own right: when the database fails, the records go with the next one.
  await Promise.allSettled(gone.map((object) => registry.forget(kind, object.id)));
}

/** Canonical form of a path the Jupyter Server names, `''` when it has none. */
export function pathOrNone(value: unknown): CanonicalPath | '' {
  if (typeof value !== 'string' || value === '') return '';
  try {
    return canonicalPath(value);
  } catch {
    return '';
  }
}

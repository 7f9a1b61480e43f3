/** Models of files and directories: `writable` says what this person may do, listings hold what they may see. */
import { canonicalPath } from '../core/canonical-path.ts';
import type { CanonicalPath } from '../core/canonical-path.ts';
import { AppError } from '../core/errors.ts';
import type { Answer } from '../core/http.ts';
import { notFound } from '../core/not-found.ts';
import { andThen } from '../core/soon.ts';
import type { Soon } from '../core/soon.ts';
import { inTurns } from './in-turns.ts';
import type { Asker } from './presenter.ts';
import type { Exchange, PresentDeps, Reply } from './presentation.ts';
import { asObject, bodyReply, jsonReply, readObject } from './reply.ts';
import type { JsonObject } from './reply.ts';
import { lowerWritable } from './writable-tail.ts';

/** The model of a read or a write (`GET`, `PUT`, `POST`, `PATCH /api/contents…`). */
export function contents(_deps: PresentDeps, { classified, asker, reply }: Exchange): Soon<Answer> {
  const { path } = classified;
  if (classified.action !== 'read' || path === '') return whole(reply, asker);
  return andThen(asker.may('contents', 'read', path), (mayRead) => {
    if (!mayRead) return leading(reply, path, asker);
    return andThen(asker.may('contents', 'write', path), (mayWrite) => {
      const file = lowerWritable(reply.body, mayWrite);
      return file === undefined ? whole(reply, asker) : bodyReply(reply, file);
    });
  });
}

async function whole(reply: Reply, asker: Asker): Promise<Answer> {
  return jsonReply(reply, await shown(readObject(reply), asker));
}

/** Admitted because it leads somewhere; a file leads nowhere, so only a directory may turn up here. */
async function leading(reply: Reply, path: CanonicalPath, asker: Asker): Promise<Answer> {
  const model = readObject(reply);
  if (model['type'] !== 'directory') throw notFound({ path });
  return jsonReply(reply, await shown(model, asker));
}

async function shown(model: JsonObject, asker: Asker): Promise<JsonObject> {
  const own = {
    ...model,
    writable: model['writable'] === true && (await asker.may('contents', 'write', pathOf(model))),
  };
  if (model['type'] !== 'directory' || !Array.isArray(model['content'])) return own;
  const content = await inTurns(model['content'].map(asObject), async (child) =>
    (await visible(child, asker)) ? shown(child, asker) : undefined,
  );
  return { ...own, content };
}

/** Who may read something below a directory sees the directory. A name without canonical form cannot be asked for. */
async function visible(child: JsonObject, asker: Asker): Promise<boolean> {
  const path = tryPath(child['path']);
  if (path === undefined) return false;
  return (await asker.may('contents', 'read', path)) || (child['type'] === 'directory' && asker.leads(path));
}

function pathOf(model: JsonObject): CanonicalPath {
  const path = tryPath(model['path']);
  if (path === undefined)
    throw new AppError('UPSTREAM_FAILED', { detail: 'expected a path in the contents model' });
  return path;
}

function tryPath(value: unknown): CanonicalPath | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    return canonicalPath(value);
  } catch {
    return undefined;
  }
}

/** Looks up the model in force and the versions before it. */
import { AppError } from '../../core/errors.ts';
import type { ModelRecord } from '../../core/policy.ts';
import type { Repositories } from '../../store/store.ts';
import { readPage } from '../page.ts';
import type { Page, PageInput } from '../page.ts';

const SLICE = 500;

/** The model in force. Throws `MODEL_UNKNOWN` on an empty database. */
export async function showModel(repositories: Repositories): Promise<ModelRecord> {
  const model = await repositories.models.current();
  if (model === undefined) throw new AppError('MODEL_UNKNOWN', { detail: 'no model was stored yet' });
  return model;
}

/** Throws `MODEL_UNKNOWN`. */
export async function showModelVersion(repositories: Repositories, version: number): Promise<ModelRecord> {
  const model = await repositories.models.find(version);
  if (model === undefined) throw new AppError('MODEL_UNKNOWN', { detail: `received version \`${version}\`` });
  return model;
}

/** Every version, newest first; the cursor is the version below which to go on. */
export async function listModelVersions(
  repositories: Repositories,
  page: PageInput<number>,
): Promise<Page<ModelRecord, number>> {
  const versions: ModelRecord[] = [];
  for (let after: number | undefined; ;) {
    const slice = await repositories.models.list({ after, limit: SLICE });
    versions.push(...slice);
    after = slice.at(-1)?.version;
    if (slice.length < SLICE) break;
  }
  const older = versions.filter((model) => page.after === undefined || model.version < page.after);
  older.sort((a, b) => b.version - a.version);
  return readPage(
    page,
    async ({ limit }) => older.slice(0, limit),
    (model) => model.version,
  );
}

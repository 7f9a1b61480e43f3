/** What makes this gate's cookies its own: an id in their names and a key for their values, kept in the database. */
import { randomBytes } from 'node:crypto';
import type { Store } from '../store/store.ts';

export interface Instance {
  readonly id: string;
  readonly secret: Buffer;
}

const ID_KEY = 'instance.id';
const SECRET_KEY = 'instance.secret';

/** The instance of this database; made at first start. All replicas share it, so that a cookie is good on each. */
export function openInstance(store: Store): Promise<Instance> {
  return store.transaction(async ({ state }) => {
    const valueOf = async (key: string, make: () => string): Promise<string> => {
      const kept = await state.value(key);
      if (kept !== undefined) return kept;
      const made = make();
      await state.setValue(key, made);
      return made;
    };
    const id = await valueOf(ID_KEY, () => randomBytes(4).toString('hex'));
    const secret = await valueOf(SECRET_KEY, () => randomBytes(32).toString('base64'));
    return { id, secret: Buffer.from(secret, 'base64') };
  });
}

/** What one request led to that it must not: canaries that came back, files and objects that are not as they were. */
import type { TokenJupyter } from '../../support/token-jupyter.ts';
import type { Canaries } from './canaries.ts';
import type { Attack } from './corpus/attack.ts';
import type { Change } from './tree.ts';
import type { Heard } from './wire.ts';
import type { World } from './world.ts';

export interface Finding {
  /**
   * `leak`: a canary came back. `change`: a file outside is not as it was. `copy`: a canary lies within reach.
   * `object`: a kernel, session or terminal came, went or moved. `socket`: somebody else's was opened.
   */
  readonly kind: 'leak' | 'change' | 'copy' | 'object' | 'socket';
  /** Which canary, file or object. */
  readonly what: string;
}

export interface Judge {
  /** Canaries and sockets in an answer. */
  answer(attack: Attack, heard: Heard): readonly Finding[];
  /** Files that are not as they may be; everything is put back. */
  files(): readonly Finding[];
  /** Kernels, sessions and terminals that are not as they were; new ones are removed. */
  objects(): Promise<readonly Finding[]>;
}

const KINDS = ['sessions', 'kernels', 'terminals'] as const;

export async function createJudge(jupyter: TokenJupyter, world: World, canaries: Canaries): Promise<Judge> {
  let known = await listed(jupyter);
  return {
    answer(attack, { status, bytes, body }) {
      const found = new Set([...canaries.findIn(bytes), ...canaries.findIn(body)]);
      const opened = status === 101 && /kernel|terminal/.test(attack.target);
      return [
        ...[...found].map((what): Finding => ({ kind: 'leak', what })),
        ...(opened ? [{ kind: 'socket', what: attack.target } as const] : []),
      ];
    },
    files() {
      const changes = world.changes();
      if (changes.length === 0) return [];
      world.restore(changes);
      return changes.flatMap((change) => judged(change, world, canaries));
    },
    async objects() {
      const now = await listed(jupyter);
      const found = [
        ...[...now].filter(([id, as]) => known.get(id) !== as).map(([id, as]) => `${id} is ${as}`),
        ...[...known.keys()].filter((id) => !now.has(id)).map((id) => `${id} is gone`),
      ];
      for (const id of now.keys()) if (!known.has(id)) await jupyter.fetch('DELETE', `/api/${id}`);
      if (found.length > 0) known = await listed(jupyter);
      return found.map((what) => ({ kind: 'object', what }));
    },
  };
}

function judged(change: Change, world: World, canaries: Canaries): Finding[] {
  const { how, path, content } = change;
  if (!world.isAllowed(change)) return [{ kind: 'change', what: `${path} ${how}` }];
  const inside = canaries.findIn(Buffer.concat([Buffer.from(`${path}\n`), content ?? Buffer.alloc(0)]));
  return inside.map((what) => ({ kind: 'copy', what: `${what} in ${path}` }));
}

/** `kernels/ID` and so on, with what must not change about each. */
async function listed(jupyter: TokenJupyter): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const kind of KINDS) {
    const answer = await jupyter.fetch('GET', `/api/${kind}`);
    const all = (await answer.json()) as {
      id?: string;
      name: string;
      path?: string;
      type?: string;
      kernel?: { id: string };
    }[];
    for (const { id, name, path, type, kernel } of all) {
      found.set(`${kind}/${id ?? name}`, JSON.stringify([name, path, type, kernel?.id]));
    }
  }
  return found;
}

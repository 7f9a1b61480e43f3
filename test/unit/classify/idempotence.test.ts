import { expect } from 'chai';
import { parentPath, percentDecode } from '../../../src/core/canonical-path.ts';
import { AppError } from '../../../src/core/errors.ts';
import type { Classified } from '../../../src/core/classified.ts';
import { classifierFor } from '../../support/classify.ts';

/** mulberry32: the same run every time. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

const PREFIXES = words(`
  /api/contents /api/contents /files /view /nbclassic/view /nbconvert/html /tree /notebooks /edit /lab/tree
  /doc/workspaces/w/tree /consoles /nbclassic/tree /bundle /git/a /static /lab/api/settings /lab/api/workspaces
  /api/collaboration/session /api/collaboration/timeline /proxy/80 /api/kernelspecs /kernelspecs/python3 /extra/x`);
const TAME = words(`
  a B x.txt checkpoints %63heckpoints trust %74rust %2f %2F %c3%a9 %252e %25 + %20 : ; @ ' ( ~ ! * [ | ^ " < - _
  %e2%82%ac status tree api = & .hid %61 a.. %22 logo.png {`);
const HOSTILE = words('. .. %2e / // %00 %5c \\ # % %ff \u00e9 %2e%2e %2f%2f');
const QUERIES = words(
  'content=1 token=x path=a%2Fb session_id=s 173000 download=1 %74oken=y type=a+b format',
);

function randomTarget(random: () => number): string {
  const pick = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
  const some = (most: number, make: () => string) =>
    Array.from({ length: Math.floor(random() * most) }, make);
  const segment = () => `/${pick(TAME)}${some(3, () => pick(random() < 0.03 ? HOSTILE : TAME)).join('')}`;
  const query = some(4, () => pick(QUERIES)).join('&');
  return pick(PREFIXES) + some(5, segment).join('') + (query === '' ? '' : `?${query}`);
}

describe('a target that is classified', () => {
  const classifier = classifierFor({
    extraRoutes: [
      { pattern: '/extra/{one}/**', methods: ['GET'], resource: 'api', action: 'read', websocket: false },
    ],
  });

  function classified(method: string, target: string): Classified | undefined {
    try {
      const match = classifier.match(method, target, 'http');
      return match.classify(match.body === 'json' ? {} : undefined);
    } catch (error) {
      if (error instanceof AppError && error.status < 500) return undefined;
      throw error;
    }
  }

  it('is classified the same again when it is re-emitted, and decodes to the path asked', () => {
    const random = seeded(20_261_122);
    let taken = 0;
    for (let run = 0; run < 6_000; run += 1) {
      const method = random() < 0.7 ? 'GET' : random() < 0.5 ? 'DELETE' : 'POST';
      const target = randomTarget(random);
      const first = classified(method, target);
      if (first === undefined) continue;
      taken += 1;
      expect(JSON.stringify(classified(method, first.target)), `${method} ${target}`).to.equal(
        JSON.stringify(first),
      );
      const [path = ''] = first.target.split('?');
      expect(path, target).to.match(/^\/(?!\/)[!"$-[\]-~]*$/);
      if (first.path !== '' && first.path !== '/' && !first.target.includes('?path=')) {
        // What is created is not named in the address: the directory is.
        const named = first.route === 'contents.create' ? parentPath(first.path) : first.path;
        expect(percentDecode(path), `${method} ${target}`).to.include(named);
      }
      expect(first.target).not.to.match(/[?&](?:token|_xsrf)=/);
    }
    expect(taken).to.be.greaterThan(2_000);
  });

  it('asks about the same path as tornado would hand to Jupyter', () => {
    const random = seeded(7);
    for (let run = 0; run < 4_000; run += 1) {
      const target = `/api/contents${randomTarget(random).replace(/^(?:\/[\w-]+)+/, '')}`;
      const first = classified('GET', target);
      if (first?.route !== 'contents.get') continue;
      const raw = first.target.split('?')[0] ?? '';
      expect(raw, target).not.to.match(/\/checkpoints(?:\/[\w-]+)?$|\/trust$/);
      const upstream = /^\/api\/contents((?:\/[^/]+)+|\/?)$/.exec(raw)?.[1];
      expect(`/${decodeURIComponent(upstream ?? '').replace(/^\/+|\/+$/g, '')}`, target).to.equal(first.path);
    }
  });
});

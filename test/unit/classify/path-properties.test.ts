/** What holds for every path, target and body, not only for those somebody thought of. fast-check makes a failing one small. */
import { posix } from 'node:path';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { parseJsonBody } from '../../../src/classify/json-body.ts';
import type { Classified } from '../../../src/core/classified.ts';
import { canonicalPath, canonicalPathFromTarget, encodePath } from '../../../src/core/canonical-path.ts';
import { AppError } from '../../../src/core/errors.ts';
import { ROUTES } from '../../../src/classify/routes/table.ts';
import { classifierFor } from '../../support/classify.ts';

/** The same run every time. */
const RUNS = { seed: 20_261_122, numRuns: 3_000 };

const classifier = classifierFor();
const words = (list: string): readonly string[] => list.trim().split(/\s+/);
const PIECES = [
  '\\',
  '\0',
  ' ',
  '\u00e9',
  ...words(`
    / / / / / / // . .. %2e %2E%2e %2f %2F %5c %00 %0a % %zz %25 %252e %c0%ae %e9 %c3%a9 e%cc%81 # ? & = ; + : @ ~ pub
    pub a.txt a.ipynb checkpoints %63heckpoints trust checkpoint RTC: .hid a-b-c-d-e tree api`),
];
/** The fixed text each row begins with, so that most targets come to some row. */
const PREFIXES = ROUTES.map(
  ({ pattern }) => pattern.replaceAll(/\{(?:kernel|session)[^}]*\}/g, 'a-b-c-d-e').split('{')[0] ?? '',
);

const text = fc.string({ unit: 'binary', maxLength: 40 });
const piece = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PIECES) }, { weight: 1, arbitrary: text });
const joined = (between: string): fc.Arbitrary<string> =>
  fc.array(piece, { maxLength: 6 }).map((all) => all.map((one) => between + one).join(''));
const pieces = fc.oneof(joined(''), joined('/'));
const target = fc
  .tuple(
    fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...PREFIXES) }, { weight: 1, arbitrary: text }),
    pieces,
  )
  .map((both) => both.join(''));
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'get');
const transport = fc.constantFrom('http' as const, 'http' as const, 'websocket' as const);
const names = fc.constantFrom(
  ...words(`
    path copy_from ext type name kernel id notebook cwd kernel_id shell_command data metadata raw cmd schema_id content
    __proto__ constructor toString`),
);
const { value: body } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    pieces,
    fc.constantFrom(
      null,
      true,
      0,
      'python3',
      'notebook',
      'file',
      '.txt',
      'pub/a.ipynb',
      'pub/../priv',
      undefined,
    ),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.oneof(names, text), tie('value'), { maxKeys: 5, noNullPrototype: true }),
  ),
}));

/** What `work` gives, or undefined for a refusal; anything else that is thrown is a mistake. */
function unlessRefused<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof AppError && error.status < 500) return undefined;
    throw error;
  }
}

describe('the canonical form of a path', () => {
  it('is its own canonical form, decoded or encoded', () => {
    let taken = 0;
    fc.assert(
      fc.property(fc.oneof(pieces, text), (given) => {
        for (const canonical of [
          unlessRefused(() => canonicalPath(given)),
          unlessRefused(() => canonicalPathFromTarget(given)),
        ]) {
          if (canonical === undefined) continue;
          taken += 1;
          expect(canonicalPath(canonical)).to.equal(canonical);
          expect(canonicalPathFromTarget(encodePath(canonical))).to.equal(canonical);
        }
      }),
      RUNS,
    );
    expect(taken).to.be.above(1_000);
  });

  it('is where Jupyter ends up too: joined and normalised, it stays what it is', () => {
    fc.assert(
      fc.property(fc.oneof(pieces, text), (given) => {
        const canonical = unlessRefused(() => canonicalPath(given));
        if (canonical === undefined) return;
        // jupyter_server: strip slashes, split, drop empty parts, join to the root, `normpath`.
        const parts = given.split('/').filter((part) => part !== '');
        expect(posix.normalize(['/root', ...parts].join('/'))).to.equal(
          `/root${canonical === '/' ? '' : canonical}`,
        );
      }),
      RUNS,
    );
  });
});

describe('any request', () => {
  function classified(
    given: readonly [string, string, 'http' | 'websocket', unknown],
  ): Classified | undefined {
    const [verb, address, by, document] = given;
    return unlessRefused(() => {
      const match = classifier.match(verb, address, by);
      return match.classify(match.body === 'json' ? document : undefined);
    });
  }

  it('is classified or refused, and its re-emitted target and body are classified as the same', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(
        method,
        target,
        transport,
        fc.option(body, { freq: 1, nil: undefined }),
        (verb, address, by, document) => {
          const first = classified([verb, address, by, document]);
          if (first === undefined) return;
          seen.add(first.route);
          const sent: unknown = first.body === undefined ? undefined : JSON.parse(first.body);
          const again = classified([verb, first.target, by, sent]);
          expect({ ...again, input: 0 }).to.deep.equal({ ...first, input: 0 });
        },
      ),
      { ...RUNS, numRuns: 12_000 },
    );
    expect(seen.size).to.be.above(40);
  });

  it('with any bytes for a body is parsed or refused, and what was parsed is written out and read as the same', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
      body.map((value) => Buffer.from(JSON.stringify(value) ?? '')),
      fc.tuple(body, fc.nat(60), fc.nat(255)).map(([value, at, byte]) => {
        const written = Buffer.from(JSON.stringify(value) ?? '');
        if (at < written.length) written[at] = byte;
        return written;
      }),
    );
    fc.assert(
      fc.property(bytes, (given) => {
        const value = unlessRefused(() => parseJsonBody(given, 'application/json', undefined));
        if (value === undefined) return;
        const written = Buffer.from(JSON.stringify(value));
        expect(JSON.stringify(parseJsonBody(written, 'application/json', undefined))).to.equal(
          written.toString(),
        );
      }),
      RUNS,
    );
  });
});

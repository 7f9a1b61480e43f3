/** The shape of the source, held: imports only go down, special packages stay in their folder, files stay short. */
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix } from 'node:path';
import { expect } from 'chai';
import { packageRoot } from '../../src/core/package-root.ts';

const RANKS: Readonly<Record<string, number>> = {
  // The doors: they may open every command and every part, and nothing may import them.
  'main.ts': 6,
  'index.ts': 6,
  cli: 5,
  app: 4,
  accept: 3,
  admin: 3,
  console: 3,
  gate: 2,
  manage: 2,
  watch: 2,
  authenticate: 1,
  classify: 1,
  decide: 1,
  forward: 1,
  inspect: 1,
  present: 1,
  record: 1,
  store: 1,
  upstream: 1,
  config: 1,
  core: 0,
};
/** Who alone may import a package. */
const OWNERS: Readonly<Record<string, string>> = { casbin: 'decide', typeorm: 'store', undici: 'forward' };
/** What the compiled engine may import beside its own folder and those it stands on. */
const ENGINE_KNOWS = new Set(['core/question.ts', 'core/clock.ts', 'core/policy.ts']);
const MOST_LINES = 300;

interface Source {
  /** Below `src`, with `/`. */
  readonly path: string;
  /** First folder, or the file itself at the top. */
  readonly part: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const sources = readSources();

/** Comments and strings may speak of anything; only code counts. */
function readSources(): readonly Source[] {
  const root = join(packageRoot(), 'src');
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return names.map((name) => {
    const path = name.replaceAll('\\', '/');
    const text = readFileSync(join(root, name), 'utf8');
    return { path, part: path.split('/')[0]!, text, imports: importsOf(text) };
  });
}

function importsOf(text: string): readonly string[] {
  const code = text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/^\s*\/\/.*$/gm, '');
  const statement =
    /(?:^|\n)\s*(?:import|export)\s(?:[^'";]*?\sfrom\s)?\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g;
  return [...code.matchAll(statement)].map((match) => match[1] ?? match[2]!);
}

/** Why `specifier` may not be imported from `source`; undefined when it may. */
function objection(source: Source, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) {
    const name = specifier.startsWith('@') ? specifier : specifier.split('/')[0]!;
    const owner = OWNERS[name];
    return owner === undefined || owner === source.part ? undefined : `only ${owner} may import ${name}`;
  }
  const target = posix.join('src', posix.dirname(source.path), specifier);
  if (!target.startsWith('src/'))
    return target.startsWith('migrations/') && source.part === 'store' ? undefined : 'leaves src';
  const part = target.split('/')[1]!;
  if (part === source.part) return undefined;
  const [from, to] = [RANKS[source.part], RANKS[part]];
  if (from === undefined || to === undefined) return 'has no rank';
  return to < from
    ? undefined
    : `goes ${to === from ? 'sideways' : 'up'}: ${source.part} (${from}) to ${part} (${to})`;
}

describe('the architecture', () => {
  it('gives every file and folder of src a rank', () => {
    expect(sources.length).to.be.greaterThan(10);
    expect(
      [...new Set(sources.map((source) => source.part))].filter((part) => RANKS[part] === undefined),
    ).to.deep.equal([]);
  });

  it('imports only downwards, and special packages only in their folder', () => {
    const objections = sources.flatMap((source) =>
      source.imports.flatMap((specifier) => {
        const why = objection(source, specifier);
        return why === undefined ? [] : [`${source.path} imports ${specifier}: ${why}`];
      }),
    );
    expect(objections).to.deep.equal([]);
  });

  it('sees what it forbids', () => {
    const source = (path: string): Source => ({ path, part: path.split('/')[0]!, text: '', imports: [] });
    expect(objection(source('gate/a.ts'), '../manage/b.ts')).to.match(/sideways/);
    expect(objection(source('core/a.ts'), '../store/store.ts')).to.match(/up/);
    expect(objection(source('gate/a.ts'), 'casbin')).to.match(/only decide/);
    expect(objection(source('gate/a.ts'), 'undici/types')).to.match(/only forward/);
    expect(objection(source('gate/a.ts'), '../../test/x.ts')).to.match(/leaves src/);
    expect(objection(source('app/a.ts'), '../gate/gate.ts')).to.equal(undefined);
    expect(
      importsOf(
        "import type { A } from './a.ts';\nexport * from './b.ts';\nimport './c.ts';\nawait import('./d.ts');\n// import './e.ts';",
      ),
    ).to.deep.equal(['./a.ts', './b.ts', './c.ts', './d.ts']);
  });

  it('keeps the compiled engine to itself: of the gate it knows what a question is', () => {
    const engine = sources.filter(({ path }) => path.startsWith('decide/compiled/'));
    expect(engine.length).to.be.greaterThan(10);
    const leaving = engine.flatMap(({ path, imports }) =>
      imports
        .map((name) => (name.startsWith('.') ? posix.join(posix.dirname(path), name) : name))
        .filter((name) => !name.startsWith('decide/') && !ENGINE_KNOWS.has(name))
        .map((name) => `${path} imports ${name}`),
    );
    expect(leaving).to.deep.equal([]);
  });

  it('reads process.env nowhere: it comes in through main', () => {
    const readers = sources.filter((source) =>
      /\bprocess\.env\b|\benv\b[^;\n]*from 'node:process'/.test(source.text),
    );
    const allowed = new Set(['config', 'main.ts']);
    expect(readers.filter((source) => !allowed.has(source.part)).map((source) => source.path)).to.deep.equal(
      [],
    );
  });

  it(`has no file over ${MOST_LINES} lines`, () => {
    const long = sources.map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }));
    expect(long.filter(({ lines }) => lines > MOST_LINES)).to.deep.equal([]);
  });
});

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { expect } from 'chai';
import { COMMANDS } from '../../../src/cli/commands.ts';
import { parseLine } from '../../../src/cli/arguments.ts';
import { verifyAuditCommand } from '../../../src/cli/local/verify-audit.ts';
import { checkModelCommand } from '../../../src/cli/local/check-model.ts';
import { migrateCommand } from '../../../src/cli/local/migrate.ts';
import { serveCommand } from '../../../src/cli/local/serve.ts';
import { OPTIONS } from '../../../src/config/options.ts';
import { packageRoot } from '../../../src/core/package-root.ts';

const BLOCK = /^```(?:console|sh)\n([\s\S]*?)^```$/gm;
/** A word of a shell line: plain and quoted pieces, one after the other. */
const WORD = /(?:'[^']*'|"[^"]*"|[^\s'"])+/g;

describe('the commands of the documentation', () => {
  const root = packageRoot();
  const lines = [join(root, 'README.md'), ...pagesBelow(join(root, 'docs'))].flatMap((page) =>
    linesOf(page).map((line) => ({ line, at: `${relative(root, page)}: ${line}` })),
  );

  it('are read, continued lines and all', () => {
    expect(lines.length).to.be.above(50);
    const line = "npx jupyter-gate rule add '{\"a\":'\"'b'\"'}' --x  # why";
    expect(wordsOf(line).join(' ')).to.equal(`npx jupyter-gate rule add {"a":'b'} --x`);
  });

  it('are commands and options that `jupyter-gate` has', () => {
    const parsed = lines.flatMap(({ line, at }) => ownArguments(line).map((argv) => ({ argv, at })));
    expect(parsed.length).to.be.above(30);
    for (const { argv, at } of parsed) expect(() => parse(argv), at).to.not.throw();
    expect(() => parse(['user', 'fly'])).to.throw();
    expect(() => parse(['user', 'add', 'ada', '--wings'])).to.throw();
    expect(() => parse(['serve', '--wings'])).to.throw('--wings');
  });

  it('are scripts of package.json, and files that exist', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      readonly scripts: Readonly<Record<string, string>>;
    };
    let found = 0;
    for (const { line, at } of lines) {
      for (const [, run, short] of line.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)) {
        expect(scripts, at).to.have.property(run ?? short ?? '');
        found += 1;
      }
      for (const [, file = ''] of line.matchAll(/\bnpx (?:tsx|mocha) ([\w./-]+)/g)) {
        expect(existsSync(join(root, file)), at).to.equal(true);
        found += 1;
      }
    }
    expect(found).to.be.above(15);
  });
});

function pagesBelow(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.md'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** What is typed after `$`. */
function linesOf(page: string): string[] {
  const text = readFileSync(page, 'utf8').replaceAll('\\\n', ' ');
  return [...text.matchAll(BLOCK)]
    .flatMap(([, block = '']) => block.split('\n'))
    .filter((line) => line.startsWith('$ '))
    .map((line) => line.slice(2));
}

function wordsOf(line: string): string[] {
  return [...line.replace(/ #[^'"]*$/, '').matchAll(WORD)].map(([word]) =>
    word.replaceAll(/'([^']*)'|"([^"]*)"/g, (_quoted, single, double) => String(single ?? double)),
  );
}

/** The arguments of `jupyter-gate`, or of `npm start --`, up to where the shell goes on. */
function ownArguments(line: string): string[][] {
  const words = wordsOf(line);
  const [own, start] = [
    words.findIndex((word) => /^(?:\S*\/)?jupyter-gate$/.test(word)),
    words.indexOf('start'),
  ];
  const isStart = own < 0 && words[start - 1] === 'npm' && words[start + 1] === '--';
  if (own < 0 && !isStart) return [];
  const rest = isStart ? ['serve', ...words.slice(start + 2)] : words.slice(own + 1);
  const end = rest.findIndex((word) => /^(?:[|>;&]|&&|\|\|)$/.test(word));
  return [end < 0 ? rest : rest.slice(0, end)];
}

function parse(argv: readonly string[]): void {
  const local = {
    serve: serveCommand,
    migrate: migrateCommand,
    'model check': checkModelCommand,
    'audit verify': verifyAuditCommand,
  };
  const commands = [
    ...Object.entries(local).map(([words, command]) => ({
      options: [],
      ...command,
      words,
      run: () => Promise.resolve(0),
    })),
    ...COMMANDS,
  ];
  const flags = new Map(Object.values(OPTIONS).map(({ name, kind }) => [name, kind.placeholder !== '']));
  if (argv.includes('--help')) return;
  // `serve` hands its flags on to the configuration as they are.
  const { configArguments } = parseLine(argv, commands, flags);
  for (const [flag] of configArguments.join('\n').matchAll(/^--[\w-]+/gm))
    if (!flags.has(flag.slice(2))) throw new Error(`\`${flag}\` is no option`);
}

/**
 * Puts the compiled program and the packages it uses into few files: reading a thousand of them is most of a start. Programs
 * that use the gate as a library get the compiled files one by one, and their own packages.
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from './run.mjs';

const OUT = join(root, 'dist', 'program');
const PACKAGE = /.*node_modules\/(?:@[^/]+\/)?[^/]+/;

/** What CommonJS packages load from Node itself. */
const REQUIRE = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`;

export async function bundle() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: {
      main: 'dist/src/main.js',
      'casbin-worker': 'dist/src/decide/second-opinion/casbin-worker.js',
    },
    outdir: OUT,
    // The thread's file is looked for beside the one that starts it.
    chunkNames: '[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: REQUIRE },
    // Has a part in machine code, which it finds beside its own files.
    external: ['better-sqlite3'],
    metafile: true,
    logLevel: 'error',
  });
  writeFileSync(join(OUT, 'LICENSES.txt'), licenses(Object.keys(metafile.inputs)));
  return 0;
}

/** The licences of all packages that came in, as they ask for with every copy. */
function licenses(inputs) {
  const packages = [...new Set(inputs.map((file) => PACKAGE.exec(file)?.[0]).filter(Boolean))].sort(
    (one, other) => (one < other ? -1 : 1),
  );
  return packages
    .map((directory) => `${nameOf(directory)}\n\n${licenseOf(join(root, directory))}`)
    .join('\n\n');
}

function nameOf(directory) {
  return directory.slice(directory.lastIndexOf('node_modules/') + 'node_modules/'.length);
}

function licenseOf(directory) {
  const file = readdirSync(directory).find((name) => /^licen[cs]e/i.test(name));
  if (file !== undefined) return readFileSync(join(directory, file), 'utf8');
  const manifest = join(directory, 'package.json');
  return existsSync(manifest) ? `License: ${JSON.parse(readFileSync(manifest, 'utf8')).license}` : '';
}

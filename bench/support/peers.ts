/** The packages the gate is compared with. They have a package.json of their own, beside the bench. */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(new URL('../package.json', import.meta.url));

/** Whether `npm run bench` has installed it; without it the comparison is left out. */
export function hasPeer(name: string): boolean {
  try {
    require.resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** The package; of a CommonJS one what it exports. Its types are not there when it is not installed, so callers name them. */
export async function importPeer<Module>(name: string): Promise<Module> {
  const module = (await import(pathToFileURL(require.resolve(name)).href)) as { readonly default?: Module };
  return (module.default ?? module) as Module;
}

/** Path of a program that a package brings. */
export function peerProgram(packageName: string, program: string): string {
  const description = require.resolve(`${packageName}/package.json`);
  const { bin } = require(description) as { readonly bin: Readonly<Record<string, string>> };
  return join(dirname(description), bin[program] ?? '');
}

/**
 * Makes what the tests need and is not there: the pinned Jupyter in `.venv-jupyter`, one with shared documents in
 * `.venv-collaboration`, and Chromium. The paths found go to `.cache/test-tools.json`. Quick when everything is there.
 */
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { progress, root, run } from './run.mjs';

const CACHE = join(root, '.cache');
const TOOLS = join(CACHE, 'test-tools.json');
const JUPYTER = {
  venvDir: join(root, '.venv-jupyter'),
  requirements: join(root, 'share', 'jupyter-requirements.txt'),
};
const COLLABORATION = {
  venvDir: join(root, '.venv-collaboration'),
  requirements: join(CACHE, 'collaboration-requirements.txt'),
};
const ADDED = join(root, 'test', 'collaboration-requirements.txt');
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];

/** 0 when all is there; otherwise 1, after one sentence that says what to install. */
export async function prepareTests() {
  mkdirSync(CACHE, { recursive: true });
  const requirements = readFileSync(JUPYTER.requirements, 'utf8');
  writeFileSync(COLLABORATION.requirements, requirements + readFileSync(ADDED, 'utf8'));
  if (isReady()) return 0;
  // At the same time: pip waits for the network, for the disk and for one core in turn.
  const [jupyter, collaboration] = await Promise.all([JUPYTER, COLLABORATION].map(pinnedJupyter));
  if (jupyter === undefined || collaboration === undefined) return 1;
  const chromium = await browser();
  if (chromium === undefined) return 1;
  const wanted = readFileSync(COLLABORATION.requirements, 'utf8');
  const tools = { jupyter, collaboration, chromium, requirements: wanted };
  writeFileSync(TOOLS, `${JSON.stringify(tools, null, 2)}\n`);
  return 0;
}

function isReady() {
  if (!existsSync(TOOLS)) return false;
  try {
    const tools = JSON.parse(readFileSync(TOOLS, 'utf8'));
    const same = tools.requirements === readFileSync(COLLABORATION.requirements, 'utf8');
    const here = isIn(JUPYTER, tools.jupyter) && isIn(COLLABORATION, tools.collaboration);
    const wished = process.env.CHROMIUM_PATH ?? tools.chromium;
    return same && here && tools.chromium === wished && isProgram(tools.chromium);
  } catch {
    return false;
  }
}

function isIn({ venvDir }, found) {
  return found?.command.startsWith(venvDir) === true && isProgram(found.command);
}

/** The same code that `npm start` uses, so that it is tried by every test run from nothing. */
async function pinnedJupyter(environment) {
  const where = environment.venvDir.slice(root.length + 1);
  const { tsImport } = await import('tsx/esm/api');
  const { findJupyter } = await tsImport('../src/upstream/find-jupyter.ts', import.meta.url);
  const told = (text) => progress(`${where}: ${text}`);
  const options = { env: process.env, progress: told, pinnedOnly: true, ...environment };
  return findJupyter(options).catch((error) => {
    process.stderr.write(`the tests need a Jupyter in ${where}: ${error.detail ?? error.message}\n`);
  });
}

async function browser() {
  const wished = process.env.CHROMIUM_PATH;
  if (wished !== undefined) {
    if (isProgram(wished)) return wished;
    process.stderr.write(`CHROMIUM_PATH: expected a program, received \`${wished}\`\n`);
    return undefined;
  }
  const found = onPath();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0) {
    progress('installing Chromium with apt-get');
    const quiet = {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    };
    await run('apt-get', ['update'], quiet);
    await run('apt-get', ['install', '-y', 'chromium'], quiet);
  }
  const installed = onPath();
  if (installed === undefined) {
    process.stderr.write(
      'the tests need Chromium: install the package `chromium`, or set CHROMIUM_PATH to a browser\n',
    );
  }
  return installed;
}

function onPath() {
  const directories = (process.env.PATH ?? '').split(delimiter).filter((directory) => directory !== '');
  return directories.flatMap((directory) => BROWSERS.map((name) => join(directory, name))).find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) process.exit(await prepareTests());

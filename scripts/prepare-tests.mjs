/**
 * Makes what the tests need and is not there: the pinned Jupyter in `.venv-jupyter`, and Chromium. The paths found go
 * to `.cache/test-tools.json`. Quick when everything is there.
 */
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { progress, root, run } from './run.mjs';

const TOOLS = join(root, '.cache', 'test-tools.json');
const VENV = join(root, '.venv-jupyter');
const REQUIREMENTS = join(root, 'share', 'jupyter-requirements.txt');
const BROWSERS = ['chromium', 'chromium-browser', 'google-chrome'];

/** 0 when all is there; otherwise 1, after one sentence that says what to install. */
export async function prepareTests() {
  if (isReady()) return 0;
  const jupyter = await pinnedJupyter();
  const chromium = jupyter === undefined ? undefined : await browser();
  if (jupyter === undefined || chromium === undefined) return 1;
  mkdirSync(join(root, '.cache'), { recursive: true });
  const requirements = readFileSync(REQUIREMENTS, 'utf8');
  writeFileSync(TOOLS, `${JSON.stringify({ jupyter, chromium, requirements }, null, 2)}\n`);
  return 0;
}

function isReady() {
  if (!existsSync(TOOLS)) return false;
  try {
    const tools = JSON.parse(readFileSync(TOOLS, 'utf8'));
    const same = tools.requirements === readFileSync(REQUIREMENTS, 'utf8');
    const here = tools.jupyter?.command.startsWith(VENV) && isProgram(tools.jupyter.command);
    const wished = process.env.CHROMIUM_PATH ?? tools.chromium;
    return same && here && tools.chromium === wished && isProgram(tools.chromium);
  } catch {
    return false;
  }
}

/** The same code that `npm start` uses, so that it is tried by every test run from nothing. */
async function pinnedJupyter() {
  const { tsImport } = await import('tsx/esm/api');
  const { findJupyter } = await tsImport('../src/upstream/find-jupyter.ts', import.meta.url);
  const options = { env: process.env, venvDir: VENV, requirements: REQUIREMENTS, progress, pinnedOnly: true };
  return findJupyter(options).catch((error) => {
    process.stderr.write(`the tests need a Jupyter in .venv-jupyter: ${error.detail ?? error.message}\n`);
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

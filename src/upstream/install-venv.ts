/** The project's own virtual environment with the pinned Jupyter. A marker, written last, says that it is complete. */
import { lstatSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { FindOptions, FoundJupyter } from './find-jupyter.ts';
import { withoutOwnNames } from './jupyter-environment.ts';
import { runCommand } from './run-command.ts';
import type { CommandOptions } from './run-command.ts';

const markerSchema = z.object({
  command: z.string(),
  serverVersion: z.string(),
  labVersion: z.string(),
  /** What it was made from. */
  requirements: z.string(),
});

type VenvOptions = Pick<FindOptions, 'env' | 'venvDir' | 'requirements' | 'progress' | 'signal'>;

const MARKER = 'jupyter-gate.json';
const INSTALL_TIMEOUT = 30 * 60_000;

/** The virtual environment when it is complete and has the versions wanted now. */
export async function readyVenv(options: VenvOptions): Promise<FoundJupyter | undefined> {
  try {
    const [text, wanted] = await Promise.all([
      readFile(join(options.venvDir, MARKER), 'utf8'),
      readFile(options.requirements, 'utf8'),
    ]);
    const marker = markerSchema.parse(JSON.parse(text));
    // A virtual environment does not survive being moved.
    if (marker.requirements !== wanted || marker.command !== jupyterIn(options.venvDir)) return undefined;
    return { command: marker.command, serverVersion: marker.serverVersion, labVersion: marker.labVersion };
  } catch {
    return undefined;
  }
}

/** Makes it with `python3 -m venv` and pip; `reason` says why that did not work. */
export async function installVenv(options: VenvOptions): Promise<FoundJupyter | { readonly reason: string }> {
  const run = (program: string, args: readonly string[], onLine?: (line: string) => void) => {
    const { signal } = options;
    const command: CommandOptions = { env: withoutOwnNames(options.env), timeout: INSTALL_TIMEOUT, signal };
    return runCommand(program, args, onLine === undefined ? command : { ...command, onLine });
  };
  if (isLink(options.venvDir)) {
    // `venv --clear` would empty what the link leads to, which may serve others.
    return {
      reason: `expected \`${options.venvDir}\` to be a directory of its own, found a link: remove it`,
    };
  }
  options.progress('no Jupyter found: making a Python environment for one');
  const made = await run('python3', ['-m', 'venv', '--clear', options.venvDir]);
  if (made.code === 127) return { reason: 'Python 3 is not installed' };
  if (made.code !== 0) return { reason: `\`python3 -m venv\` failed: ${lastOf(made.lines)}` };
  const requirements = await readFile(options.requirements, 'utf8');
  options.progress('installing JupyterLab and the classic notebook with pip: this takes a minute or two');
  const python = join(options.venvDir, 'bin', 'python3');
  const args = [
    '-m',
    'pip',
    'install',
    '--disable-pip-version-check',
    '--no-input',
    '-r',
    options.requirements,
  ];
  const installed = await run(python, args, pipProgress(options.progress));
  if (installed.code !== 0) return { reason: `\`pip install\` failed: ${errorOf(installed.lines)}` };
  options.progress('Jupyter is installed');
  const found = { command: jupyterIn(options.venvDir), ...versionsIn(requirements) };
  await writeFile(join(options.venvDir, MARKER), `${JSON.stringify({ ...found, requirements }, null, 2)}\n`);
  return found;
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

function jupyterIn(venvDir: string): string {
  return join(venvDir, 'bin', 'jupyter');
}

function versionsIn(requirements: string): Pick<FoundJupyter, 'serverVersion' | 'labVersion'> {
  const version = (name: string) => new RegExp(`^${name}==(\\S+)`, 'm').exec(requirements)?.[1];
  return { serverVersion: version('jupyter_server') ?? '0', labVersion: version('jupyterlab') };
}

/** One line for every tenth package, and the long last step. */
function pipProgress(progress: (text: string) => void): (line: string) => void {
  let collected = 0;
  return (line) => {
    if (line.startsWith('Collecting ')) {
      collected += 1;
      if (collected % 10 === 0) progress(`${collected} packages fetched`);
    }
    if (line.startsWith('Installing collected packages')) progress(`installing ${collected} packages`);
  };
}

function errorOf(lines: readonly string[]): string {
  return (
    lines
      .findLast((line) => line.startsWith('ERROR:'))
      ?.slice('ERROR:'.length)
      .trim() ?? lastOf(lines)
  );
}

function lastOf(lines: readonly string[]): string {
  return lines.findLast((line) => line.trim() !== '')?.trim() ?? 'it said nothing';
}

/** A whole gate in front of a real Jupyter Server, on free ports and in a directory of its own, for the tests. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { startApp } from '../../src/app/start-app.ts';
import type { App } from '../../src/app/start-app.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { packageRoot } from '../../src/core/package-root.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/record/log.ts';
import { gateClient } from './gate-client.ts';
import type { GateClient } from './gate-client.ts';
import { testTools } from './tools.ts';

export interface RunningGate extends GateClient {
  readonly app: App;
  readonly notebooks: string;
  readonly data: string;
  /** Lines of the gate's log so far. */
  readonly log: readonly string[];
  stop(): Promise<void>;
}

/** Starts it; `flags` are added to the command line. */
export async function startGate(...flags: string[]): Promise<RunningGate> {
  const directory = await mkdtemp(join(tmpdir(), 'gate-test-'));
  const notebooks = join(directory, 'notebooks');
  const data = join(directory, 'data');
  const jupyter = testTools().jupyter.command;
  const env = {
    ...inherited(),
    PATH: `${dirname(jupyter)}${delimiter}${inherited()['PATH'] ?? ''}`,
    HOME: directory,
  };
  const argv = ['--port', '0', '--admin-port', '0', '--data', data, '--notebook-dir', notebooks, ...flags];
  const config = loadConfig({ argv: withModel(argv), env: {}, cwd: directory });
  const lines: string[] = [];
  const log = createLog({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
  const app = await startApp(config, {
    env,
    cwd: packageRoot(),
    clock: systemClock,
    log,
    progress: () => {},
  });
  const token = (await readFile(join(data, 'admin.token'), 'utf8')).trim();
  return { ...gateClient({ ...app, token, notebooks }), app, notebooks, data, log: lines, stop };

  async function stop(): Promise<void> {
    await app.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

function withModel(argv: readonly string[]): string[] {
  return argv.includes('--model') ? [...argv] : [...argv, '--model', join(packageRoot(), 'model.conf')];
}

function inherited(): Record<string, string | undefined> {
  return Object.fromEntries(['PATH', 'LANG', 'TZ'].map((name) => [name, process.env[name]]));
}

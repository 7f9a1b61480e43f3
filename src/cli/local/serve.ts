/** `serve`: runs the gate until a signal ends it. */
import { once } from 'node:events';
import { systemClock } from '../../core/clock.ts';
import type { GateConfig } from '../../config/config.ts';
import { configWarnings } from '../../config/config-warnings.ts';
import { shownConfig } from '../../config/shown-config.ts';
import { startApp } from '../../app/start-app.ts';
import type { App } from '../../app/start-app.ts';
import { createLog } from '../../record/log.ts';
import type { Log } from '../../record/log.ts';
import type { LocalCommand, Terminal } from '../run.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export const serveCommand: LocalCommand = {
  takes: [],
  takesConfiguration: true,
  summary: 'runs the gate in front of a Jupyter Server',
  async run({ config, argv, terminal }) {
    let isReady = false;
    const stop = stopSignal(() =>
      terminal.out(isReady ? 'stopping…\n' : 'stopping once it has started (Ctrl-C again: at once)…\n'),
    );
    const log = createLog({ level: config.logLevel, pretty: process.stdout.isTTY });
    log.debug({ options: shownConfig(config) }, 'the configuration in force');
    for (const warning of configWarnings(config, argv)) log.warn(warning);
    const { env, cwd } = terminal;
    const progress = (text: string): void => terminal.out(`${text}\n`);
    const io = { env, cwd, clock: systemClock, log, signal: stop, progress };
    const app = await startApp(config, io).catch((error: unknown) => {
      if (error === stop.reason) return undefined;
      throw error;
    });
    if (app === undefined) return stopped(terminal, log);
    isReady = true;
    // Asked to stop while it was starting, it has nobody to greet.
    if (!stop.aborted) terminal.out(await greeting(app, config));
    if (!stop.aborted) await once(stop, 'abort');
    await app.close();
    return stopped(terminal, log);
  },
};

/** Says it as the last thing, behind all that was logged. */
async function stopped(terminal: Pick<Terminal, 'out'>, log: Log): Promise<number> {
  // A pipe cannot be synchronised, which is reported as an error; it was written to all the same.
  await new Promise<void>((resolve) => log.flush(() => resolve()));
  terminal.out('stopped\n');
  return 0;
}

/** Aborted by the first signal; a second one ends the process at once, as people expect of an impatient Ctrl-C. */
function stopSignal(onAsked: () => void): AbortSignal {
  const controller = new AbortController();
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (controller.signal.aborted) process.exit(130);
      onAsked();
      controller.abort();
    });
  }
  return controller.signal;
}

async function greeting(app: App, config: GateConfig): Promise<string> {
  const link = await app.signInLink();
  const token = config.adminToken === undefined ? `${config.data}/admin.token` : 'the one that was set';
  const lines = [
    '',
    `Jupyter Gate is ready at ${app.url}`,
    `  admin API   ${app.adminUrl}/api/v1   (token: ${token})`,
    ...(link === undefined ? [] : ['', 'Sign in as admin with this link; it works once:', '', `  ${link}`]),
    '',
    config.upstream === undefined
      ? 'Ctrl-C stops the gate and the Jupyter Server behind it.'
      : `Ctrl-C stops the gate; the Jupyter Server at ${config.upstream} goes on.`,
    '',
  ];
  return `${lines.join('\n')}\n`;
}

/** `serve`: runs the gate until a signal ends it. */
import { systemClock } from '../../core/clock.ts';
import type { GateConfig } from '../../config/config.ts';
import { configWarnings } from '../../config/config-warnings.ts';
import { shownConfig } from '../../config/shown-config.ts';
import { startApp } from '../../app/start-app.ts';
import type { App } from '../../app/start-app.ts';
import { createLog } from '../../record/log.ts';
import type { LocalCommand, Terminal } from '../run.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export const serveCommand: LocalCommand = {
  takes: [],
  takesConfiguration: true,
  summary: 'runs the gate in front of a Jupyter Server',
  async run({ config, argv, terminal }) {
    const stopped = signalled();
    const log = createLog({ level: config.logLevel, pretty: process.stdout.isTTY });
    log.debug({ options: shownConfig(config) }, 'the configuration in force');
    for (const warning of configWarnings(config, argv)) log.warn(warning);
    const { env, cwd } = terminal;
    const progress = (text: string): void => terminal.out(`${text}\n`);
    const app = await startApp(config, { env, cwd, clock: systemClock, log, progress });
    terminal.out(await greeting(app, config));
    await stopped;
    terminal.out('stopping…\n');
    await closeOrGiveUp(app, terminal);
    return 0;
  },
};

/** Resolves at the first signal; a second one ends the process at once, as people expect of an impatient Ctrl-C. */
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        if (asked) process.exit(130);
        asked = true;
        resolve();
      });
    }
  });
}

async function greeting(app: App, config: GateConfig): Promise<string> {
  const link = await app.signInLink();
  const lines = [
    '',
    `Jupyter Gate is ready at ${app.url}`,
    `  admin API   ${app.adminUrl}/api/v1   (token: ${config.data}/admin.token)`,
    ...(link === undefined ? [] : ['', 'Sign in as admin with this link; it works once:', '', `  ${link}`]),
    '',
    'Ctrl-C stops the gate and the Jupyter Server behind it.',
    '',
  ];
  return `${lines.join('\n')}\n`;
}

async function closeOrGiveUp(app: App, terminal: Terminal): Promise<void> {
  await app.close();
  terminal.out('stopped\n');
}

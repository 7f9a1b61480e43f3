/** What is allowed but should not go unnoticed; start logs each line. */
import { isIP } from 'node:net';
import type { GateConfig } from './config.ts';
import { OPTIONS } from './options.ts';
import { readFlags } from './read-flags.ts';

/** One sentence for each risk this configuration takes. `argv` as given to `loadConfig`. */
export function configWarnings(config: GateConfig, argv: readonly string[]): readonly string[] {
  const flags = readFlags(argv, '/').written;
  const warnings: string[] = [];
  if (flags.some((one) => one.key === 'upstreamToken')) {
    warnings.push(
      '`--upstream-token` shows in the process list: use `--upstream-token-file` or `JUPYTER_GATE_UPSTREAM_TOKEN`',
    );
  }
  if (
    flags.some((one) => one.key === 'database') &&
    OPTIONS.database.kind.show(config.database) !== config.database
  ) {
    warnings.push('the password in `--database` shows in the process list: use `JUPYTER_GATE_DATABASE`');
  }
  if (
    !isLoopback(config.host) &&
    config.tlsCert === undefined &&
    !config.publicUrls.some((url) => url.startsWith('https:'))
  ) {
    warnings.push(`people reach \`${config.host}\` without TLS: passwords and tokens travel readable`);
  }
  if (!isLoopback(config.host) && config.publicUrls.length === 0) {
    warnings.push('without `--public-url` only the loopback names are answered: name the origin people open');
  }
  if (!isLoopback(config.adminHost)) {
    warnings.push(`the admin API listens on \`${config.adminHost}\`, reachable from other machines`);
  }
  return warnings;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

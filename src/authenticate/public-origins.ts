/** The origins under which browsers may open the gate. */
import { AppError } from '../core/errors.ts';

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'] as const;

export interface PublicOriginsConfig {
  readonly publicUrls: readonly string[];
  /** Set when the gate itself speaks TLS. */
  readonly tlsCert?: string | undefined;
}

/**
 * Serialised origins (RFC 6454, 6.2) of the public URLs; the loopback names with `port` when none is configured.
 * Throws `CONFIG_INVALID` for what is not an http or https URL.
 */
export function publicOrigins(config: PublicOriginsConfig, port: number): readonly string[] {
  const scheme = config.tlsCert === undefined ? 'http' : 'https';
  const urls =
    config.publicUrls.length > 0 ? config.publicUrls : LOOPBACK.map((name) => `${scheme}://${name}:${port}`);
  return [...new Set(urls.map(originOf))];
}

function originOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['http:', 'https:'].includes(parsed.protocol)) {
    throw new AppError('CONFIG_INVALID', {
      detail: `\`public-url\`: expected an http or https URL, received \`${url}\``,
    });
  }
  return parsed.origin;
}

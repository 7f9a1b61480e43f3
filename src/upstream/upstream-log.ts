/** Where upstream writes what it does; a pino logger fits. */
export interface UpstreamLog {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

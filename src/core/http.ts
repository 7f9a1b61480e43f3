/** Shapes of HTTP that several stages share; no behaviour. */

/** Header names in lower case; a list stands for a header sent several times. */
export type Headers = Readonly<Record<string, string | readonly string[]>>;

/** A complete answer held in memory: refusals, pages of the gate, rewritten replies. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string | Buffer;
}

/** Where the client is, after trusted proxies were taken into account. */
export interface ClientInfo {
  readonly address: string;
  /** Scheme and authority the browser used, e.g. `https://lab.example:8443`; from the Host header and trusted proxies. */
  readonly origin: string;
  readonly host: string;
  readonly secure: boolean;
}

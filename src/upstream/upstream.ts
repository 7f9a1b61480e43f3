/** What upstream offers: a Jupyter Server to stand in front of, found, installed and started, or named by the operator. */
export interface UpstreamServer {
  /** `http://host:port`, or `http://localhost` with `socketPath`. */
  readonly origin: string;
  readonly socketPath: string | undefined;
  readonly token: string | undefined;
  /** Version string of the Jupyter Server, for the log and `/readyz`. */
  readonly version: string;
  /** Whether it answers right now. */
  healthy(): Promise<boolean>;
  /** Address, below the base URL, of the welcome notebook; undefined when there is none, or the server is somebody else's. */
  welcomePage(): Promise<string | undefined>;
  /** Stops it with its kernels when it is our own; otherwise does nothing. */
  stop(): Promise<void>;
}

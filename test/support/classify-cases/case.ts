/** One row of the table of cases: what is sent, and what classify makes of it. */

/** A kernel, another kernel, a session and a file id. */
export const K = '4bb7ca3f-5cd6-4a9c-8f0a-0c53ab3b2c11';
export const K2 = '9a0f4d4e-1f0b-4d68-9a55-6a5b4f0f7e02';
export const S = '0c8c5a1d-2a1e-4a5c-9d0c-3d1f5b7a9e33';
export const U = '7d9b1c8e-53b1-4f0e-b1c6-c2f4be7f9a44';

export interface Case {
  /** Method (or `WS`) and raw target. */
  readonly line: string;
  readonly body?: unknown;
  readonly route: string;
  readonly asks: readonly string[];
  /** Re-emitted target, when it is not the one sent. */
  readonly to?: string;
  /** Re-emitted body, when it is not the one sent. */
  readonly sends?: unknown;
}

/** One case: what is sent, the route, the questions in short, and what differs on the way out. */
export function row(
  line: string,
  route: string,
  asks: string | readonly string[],
  rest: Partial<Case> = {},
): Case {
  return { line, route, asks: typeof asks === 'string' ? [asks] : asks, ...rest };
}

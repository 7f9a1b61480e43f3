/** What is still to be said when the process ends without closing first: on an error nobody caught, or `process.exit`. */

const waiting = new Set<() => void>();

function sayAll(): void {
  for (const say of waiting) say();
}

/** Calls `say` then, in front of pino's own last write, whose listener was there before. Answers how to take that back. */
export function beforeExit(say: () => void): () => void {
  if (waiting.size === 0) process.prependListener('exit', sayAll);
  waiting.add(say);
  return () => {
    waiting.delete(say);
    if (waiting.size === 0) process.off('exit', sayAll);
  };
}

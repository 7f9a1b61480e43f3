/** Jobs one after the other. The only way writes reach SQLite, whose connection all of TypeORM shares. */

export interface Queue {
  /** Runs `job` after all jobs given before it; one that fails does not stop the next. */
  <T>(job: () => Promise<T>): Promise<T>;
}

export function createQueue(): Queue {
  let tail: Promise<unknown> = Promise.resolve();
  return (job) => {
    const result = tail.then(job);
    tail = result.catch(() => undefined);
    return result;
  };
}

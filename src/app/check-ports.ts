/** Finds out before the long part of a start that somebody else listens where the gate should. */
import { createServer } from 'node:net';
import { AppError } from '../core/errors.ts';

export interface Place {
  readonly host: string;
  /** 0 is always free. */
  readonly port: number;
}

/** Throws `PORT_IN_USE`. Whatever else is wrong with a place is left to the listener, which can say it better. */
export async function checkPorts(places: readonly Place[]): Promise<void> {
  for (const { host, port } of places) {
    const failure = port === 0 ? undefined : await tryPlace({ host, port });
    if (failure?.code === 'EADDRINUSE') {
      throw new AppError('PORT_IN_USE', { detail: `\`${host}:${port}\``, cause: failure });
    }
  }
}

function tryPlace({ host, port }: Place): Promise<NodeJS.ErrnoException | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', resolve);
    server.listen(port, host, () => server.close(() => resolve(undefined)));
  });
}

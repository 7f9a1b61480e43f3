/** What is going on on each connection: whether an answer is under way, and whether the request is still coming. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export interface Traffic {
  begin(request: IncomingMessage, response: ServerResponse): void;
  /** Anything else that is written now would be taken for a part of that answer. */
  isAnswering(socket: Duplex): boolean;
  /** Whether silence is fine: the request is complete, and its answer may take its time. */
  mayBeSilent(socket: Duplex): boolean;
}

interface Connection {
  /** Answers under way. */
  answers: number;
  latest: IncomingMessage | undefined;
}

/** How long the rest of an upload that was answered early is read and dropped before its connection is given up, ms. */
const LINGER = 2000;

export function createTraffic(): Traffic {
  const connections = new WeakMap<Duplex, Connection>();
  function connectionOf(socket: Duplex): Connection {
    const known = connections.get(socket);
    if (known !== undefined) return known;
    const connection = { answers: 0, latest: undefined };
    connections.set(socket, connection);
    return connection;
  }
  return {
    begin: (request, response) => {
      const { socket } = request;
      const connection = connectionOf(socket);
      connection.latest = request;
      connection.answers += 1;
      response.once('close', () => {
        connection.answers -= 1;
        if (!request.complete && response.writableFinished) drain(request, socket);
      });
    },
    isAnswering: (socket) => (connections.get(socket)?.answers ?? 0) > 0,
    mayBeSilent: (socket) => {
      const connection = connections.get(socket);
      return connection !== undefined && connection.answers > 0 && connection.latest?.complete === true;
    },
  };
}

function drain(request: IncomingMessage, socket: Duplex): void {
  request.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER);
  request.once('end', () => clearTimeout(timer));
  socket.once('close', () => clearTimeout(timer));
}

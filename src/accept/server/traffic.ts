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

/** How long the rest of an upload that was answered early is read and dropped before its connection is given up, ms. */
const LINGER = 2000;

export function createTraffic(): Traffic {
  const answers = new WeakMap<Duplex, number>();
  const latest = new WeakMap<Duplex, IncomingMessage>();
  const isAnswering = (socket: Duplex): boolean => (answers.get(socket) ?? 0) > 0;
  return {
    begin: (request, response) => {
      const { socket } = request;
      latest.set(socket, request);
      answers.set(socket, (answers.get(socket) ?? 0) + 1);
      response.once('close', () => answers.set(socket, (answers.get(socket) ?? 1) - 1));
      response.once('finish', () => drain(request, socket));
    },
    isAnswering,
    mayBeSilent: (socket) => isAnswering(socket) && latest.get(socket)?.complete === true,
  };
}

function drain(request: IncomingMessage, socket: Duplex): void {
  if (request.complete) return;
  request.resume();
  const timer = setTimeout(() => socket.destroy(), LINGER);
  request.once('end', () => clearTimeout(timer));
  socket.once('close', () => clearTimeout(timer));
}

/** Forks of shared documents: each is a room of its own, whose rights are those of the document it was made from. */
import type { Answer } from '../core/http.ts';
import type { Exchange, PresentDeps } from './presentation.ts';
import { isObject, jsonReply, readObject, textField } from './reply.ts';

/** `GET /api/collaboration/timeline`: makes a fork to go through the history in. */
export function timeline({ shared }: PresentDeps, { reply }: Exchange): Answer {
  const model = readObject(reply);
  shared.learnFork(textField(model, 'forkRoom'), textField(model, 'roomId'));
  return jsonReply(reply, model);
}

/** `GET /api/collaboration/fork`: the forks there are of one room. */
export function forks({ shared }: PresentDeps, { classified, reply }: Exchange): Answer {
  const model = readObject(reply);
  const root = classified.params['room'] ?? '';
  for (const [fork, info] of Object.entries(model)) {
    if (isObject(info) && info['root_roomid'] === root) shared.learnFork(fork, root);
  }
  return jsonReply(reply, model);
}

/** `PUT /api/collaboration/fork`. */
export function forkCreated({ shared }: PresentDeps, { classified, reply }: Exchange): Answer {
  const model = readObject(reply);
  shared.learnFork(textField(model, 'fork_roomid'), classified.params['room'] ?? '');
  return jsonReply(reply, model);
}

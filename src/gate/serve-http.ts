/** The rest of the way of an admitted HTTP request: forward → present, or an answer of the gate's own. */
import type { ServerResponse } from 'node:http';
import type { Answer, Headers } from '../core/http.ts';
import { andThen } from '../core/soon.ts';
import type { Soon } from '../core/soon.ts';
import type { Forwarder, UpstreamReply } from '../forward/forwarder.ts';
import type { Asker, Presenter } from '../present/presenter.ts';
import type { Admission } from './admit.ts';
import { expectObject } from './expect-object.ts';
import type { HttpExchange } from './gate.ts';
import type { FileTurns } from './file-turns.ts';
import { createSaveBody } from './save-body.ts';
import type { SubtreeLister } from './list-subtree.ts';
import type { NewEntries } from './new-entries.ts';
import type { OwnKernels } from './own-kernels.ts';
import type { WriteNotes } from './note-writes.ts';
import type { JsonReply } from './json-reply.ts';
import type { OwnSessions } from './own-sessions.ts';
import type { OwnTerminals } from './own-terminals.ts';
import type { Trail } from './trail.ts';

export interface ServeHttpDeps {
  readonly forwarder: Forwarder;
  readonly presenter: Presenter;
  readonly ownSessions: OwnSessions;
  readonly ownKernels: OwnKernels;
  readonly ownTerminals: OwnTerminals;
  readonly writeNotes: WriteNotes;
  readonly newEntries: NewEntries;
  readonly fileTurns: FileTurns;
  /** What there is in the served directory, as Jupyter tells the gate itself. */
  readonly lister: Pick<SubtreeLister, 'assertThere'>;
  /** Largest reply that is rewritten, bytes; a larger one is refused, never passed on as it is. */
  readonly rewriteLimit: number;
}

/** Answers an admitted request. Throws or rejects with an `AppError` while nothing was sent yet. */
export function serveHttp(
  deps: ServeHttpDeps,
  exchange: HttpExchange,
  admission: Admission,
  { asker, trail }: { readonly asker: Asker; readonly trail: Trail },
): Soon<void> {
  const { classified } = admission;
  const write = (answer: Answer): void => writeAnswer(exchange.response, answer, trail);
  if (deps.presenter.isLocal(classified)) return andThen(deps.presenter.answer(classified, asker), write);
  const opening = openOwn(deps, admission, asker);
  if (opening !== undefined)
    return opening.then(async (opened) => write(await deps.presenter.rewrite(classified, asker, opened)));
  return andThen(lookBefore(deps, admission, { asker, trail }), () =>
    forward(deps, exchange, admission, { asker, trail }),
  );
}

/** What the gate has to know of the Jupyter Server before it passes the request on: mostly nothing. */
function lookBefore(
  { ownTerminals, lister }: ServeHttpDeps,
  { classified }: Admission,
  { asker, trail }: { readonly asker: Asker; readonly trail: Trail },
): Soon<void> {
  const { terminal } = classified.params;
  const opening =
    classified.presentation === 'page' && terminal !== undefined
      ? ownTerminals.opening(terminal, asker)
      : undefined;
  if (trail.match?.mustExist !== true || classified.path === '') return opening;
  const { path } = classified;
  return andThen(opening, () => lister.assertThere(path));
}

/** The reply to a request that starts or creates something under a name the gate chose; undefined for every other request. */
function openOwn(deps: ServeHttpDeps, admission: Admission, asker: Asker): Promise<JsonReply> | undefined {
  const { ownSessions, ownKernels, ownTerminals } = deps;
  const { classified } = admission;
  if (classified.presentation === 'session-created') return ownSessions.open(classified, asker);
  if (classified.presentation === 'kernel-created') return ownKernels.start(classified, asker);
  if (classified.presentation === 'terminal-created') return ownTerminals.start(classified, asker);
  if (classified.presentation === 'contents-created') return createEntry(deps, admission);
  return undefined;
}

async function createEntry(
  { newEntries, fileTurns, writeNotes }: ServeHttpDeps,
  { classified, identity }: Admission,
): Promise<JsonReply> {
  const turn = fileTurns.of(classified);
  const create = async () => {
    await turn?.begin();
    const reply = await newEntries.create(classified).finally(turn?.end);
    return { reply, buffered: reply.body };
  };
  return (await writeNotes.around(classified, identity.subject, create)).reply;
}

type Sent = Awaited<ReturnType<Forwarder['send']>> & { readonly isWhole?: boolean };

async function forward(
  { forwarder, presenter, writeNotes, fileTurns, rewriteLimit }: ServeHttpDeps,
  { request, response, client, ending }: HttpExchange,
  { classified, identity }: Admission,
  { asker, trail }: { readonly asker: Asker; readonly trail: Trail },
): Promise<void> {
  const streamed = trail.match?.body === 'stream' ? request : undefined;
  const saved = trail.match?.streamedObject === true ? createSaveBody(classified.path) : undefined;
  if (streamed !== undefined && saved !== undefined) await expectObject(streamed);
  const turn = fileTurns.of(classified);
  const onReply = (reply: UpstreamReply): ServerResponse | 'buffer' => {
    turn?.end();
    if (ending.reason !== undefined) throw ending.reason;
    if (presenter.rewrites(classified, reply.status, contentType(reply.headers))) return 'buffer';
    trail.status = reply.status;
    response.writeHead(reply.status, rawHeaders(reply.headers, trail));
    return response;
  };
  const send = () => {
    if (ending.reason !== undefined) throw ending.reason;
    return forwarder.send(
      {
        method: trail.method,
        target: classified.target,
        headers: request.headers,
        body: classified.body ?? streamed,
        onBodyChunk: saved && ((chunk) => saved.look(chunk)),
        beforeLast: turn?.begin,
        client,
        subject: identity.subject,
        ending: turn?.outlasting(ending) ?? ending,
        willRewrite: classified.presentation !== 'none',
      },
      onReply,
      { bufferLimit: rewriteLimit },
    );
  };
  const sending = (): Promise<Sent> => {
    // Where a body is streamed, its last piece waits for the turn.
    const begun = streamed === undefined ? turn?.begin() : undefined;
    const sent = begun instanceof Promise ? begun.then(send) : send();
    return saved === undefined ? sent : sent.then((all) => ({ ...all, isWhole: saved.isWhole() }));
  };
  let sent: Sent;
  try {
    sent = await writeNotes.around(classified, identity.subject, sending);
  } finally {
    turn?.end();
  }
  const { reply, buffered, bytes } = sent;
  if (buffered === undefined) {
    trail.bytes = bytes;
    return;
  }
  const { status, headers } = reply;
  const rewriting = presenter.rewrite(classified, asker, { status, headers, body: buffered });
  writeAnswer(response, rewriting instanceof Promise ? await rewriting : rewriting, trail);
}

/** Sends a complete answer with the cookies the request earned; a no-op when the client is gone. */
export function writeAnswer(response: ServerResponse, answer: Answer, trail: Trail): void {
  const { body } = answer;
  trail.status = answer.status;
  trail.bytes = Buffer.byteLength(body);
  if (response.headersSent || response.destroyed) return;
  const headers = rawHeaders(answer.headers, trail);
  if (answer.status !== 204 && answer.status !== 304) headers.push('content-length', String(trail.bytes));
  response.writeHead(answer.status, headers);
  // A text goes out in one piece with the head.
  response.end(trail.method === 'HEAD' ? undefined : body);
}

/** Names and values in turn, as Node writes them without looking each of them up again. */
function rawHeaders(headers: Headers, trail: Trail): (string | string[])[] {
  const raw: (string | string[])[] = ['x-request-id', trail.id];
  for (const name in headers) {
    const value = headers[name] ?? '';
    raw.push(name, typeof value === 'string' ? value : [...value]);
  }
  if (trail.setCookies.length > 0) raw.push('set-cookie', [...trail.setCookies]);
  return raw;
}

function contentType(headers: Headers): string {
  const value = headers['content-type'];
  return typeof value === 'string' ? value : (value?.[0] ?? '');
}

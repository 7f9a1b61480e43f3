/** What became known about one request on its way; the record is written from it, however far the request came. */
import { randomUUID } from 'node:crypto';
import type { Classified } from '../core/classified.ts';
import type { DecisionEntry } from '../core/entry.ts';
import type { AppError, ErrorCode } from '../core/errors.ts';
import type { ClientInfo } from '../core/http.ts';
import type { Identity } from '../core/identity.ts';
import type { Question } from '../core/question.ts';
import type { Verdict, VerdictCode } from '../core/verdict.ts';
import type { RouteMatch } from '../classify/classifier.ts';
import { splitTarget } from '../core/target.ts';

export interface Trail {
  readonly id: string;
  readonly at: number;
  readonly client: ClientInfo;
  readonly method: string;
  /** Path part of the raw target, for the record when nothing better is known. */
  readonly rawPath: string;
  identity: Identity | undefined;
  setCookies: readonly string[];
  match: RouteMatch | undefined;
  classified: Classified | undefined;
  questions: readonly Question[];
  verdict: Verdict | undefined;
  /** The question of the request itself that was not allowed. */
  refused: Question | undefined;
  code: VerdictCode | ErrorCode;
  error: AppError | undefined;
  status: number;
  bytes: number;
}

const NONE: readonly never[] = [];

/** A trail that knows only what the wire said. */
export function startTrail(exchange: {
  readonly id: string;
  readonly at: number;
  readonly client: ClientInfo;
  readonly request: { readonly method?: string | undefined; readonly url?: string | undefined };
}): Trail {
  return {
    id: exchange.id,
    at: exchange.at,
    client: exchange.client,
    method: exchange.request.method ?? '',
    rawPath: splitTarget(exchange.request.url ?? '').path.slice(0, 1024),
    identity: undefined,
    setCookies: NONE,
    match: undefined,
    classified: undefined,
    questions: NONE,
    verdict: undefined,
    refused: undefined,
    code: 'INTERNAL',
    error: undefined,
    status: 0,
    bytes: 0,
  };
}

/** The entry of a kernel message that was not passed on. */
export function refusedMessageEntry(
  trail: Trail,
  { question, verdict }: { readonly question: Question; readonly verdict: Verdict },
  now: number,
): DecisionEntry {
  const refused = { ...trail, id: randomUUID(), at: now, questions: [question], verdict, code: verdict.code };
  return { ...entryOf(refused, now), also: [`message ${question.msg}`], bytes: 0 };
}

/** The entry of the decision log: never a token, cookie or body. */
export function entryOf(trail: Trail, now: number): DecisionEntry {
  const [headline, ...others] = trail.questions;
  return {
    id: trail.id,
    at: trail.at,
    subject: trail.identity?.subject ?? '',
    credential: trail.identity?.credential ?? '',
    address: trail.client.address,
    method: trail.method,
    route: trail.match?.route ?? '',
    res: headline?.res ?? trail.match?.resource ?? '',
    act: headline?.act ?? trail.match?.action ?? '',
    path: headline === undefined ? trail.rawPath : headline.path,
    own: headline?.own ?? '',
    also: others.map((question) => `${question.act} ${question.res} ${question.path}`.trimEnd()),
    code: trail.code,
    rules: trail.verdict?.rules ?? [],
    revision: trail.verdict?.revision ?? 0,
    status: trail.status,
    bytes: trail.bytes,
    durationMs: Math.max(0, now - trail.at),
  };
}

/**
 * classify: from method, target and body to the questions and to exactly what is forwarded. One answer to one address:
 * the first pattern that matches owns it, whatever the method, as in tornado.
 */
import { checkReading, checkRow } from './check-row.ts';
import { addressedObject, completeQuestions, namedDocument } from './complete-questions.ts';
import type { Classifier, ExtraRoute, RouteMatch } from './classifier.ts';
import type { Classified } from '../core/classified.ts';
import { AppError } from '../core/errors.ts';
import { extraRows } from './extra-route.ts';
import { readQuery } from './query.ts';
import { readRawTarget } from './raw-target.ts';
import type { BodyReading, Parts, RouteRow } from './route.ts';
import { ROUTES } from './routes/table.ts';
import { subtreeOf } from './subtree-of.ts';
import { compileTemplate, merge } from './template.ts';
import type { Template } from './template.ts';

/** Largest body jupyter_server takes by itself (`max_body_size`), bytes. */
const STREAM_LIMIT = 512 * 1024 * 1024;

export interface ClassifierOptions {
  /** `/` or `/prefix/`. */
  readonly baseUrl: string;
  readonly extraRoutes: readonly ExtraRoute[];
  /** Largest JSON body, bytes. */
  readonly jsonBodyLimit: number;
}

const NO_BODY: BodyReading = { body: undefined };

type Transport = 'http' | 'websocket';

/** All rows of one pattern and transport. */
interface Address {
  readonly template: Template;
  readonly transport: Transport;
  readonly rows: readonly RouteRow[];
  readonly extra: boolean;
}

interface Found {
  readonly address: Address;
  readonly row: RouteRow;
  readonly captured: readonly string[];
}

/** Builds the classifier once. Throws `CONFIG_INVALID` for an extra route that cannot be. */
export function createClassifier(options: ClassifierOptions): Classifier {
  const addresses = [
    ...groupRows(ROUTES, false),
    ...options.extraRoutes.flatMap((route) => groupRows(extraRows(route), true)),
  ];
  return {
    match(method, target, transport) {
      const raw = readRawTarget(target, options.baseUrl);
      const found = find(addresses, { method, path: raw.path, transport });
      const query = readQuery(raw.query, found.row.query);
      const parts = merge([query.parts, found.address.template.read(found.captured)]);
      const emitted = options.baseUrl.slice(0, -1) + found.address.template.emit(parts) + query.emitted;
      return routeMatch(found, { parts, target: emitted, jsonBodyLimit: options.jsonBodyLimit });
    },
  };
}

function groupRows(rows: readonly RouteRow[], extra: boolean): Address[] {
  const groups = new Map<string, RouteRow[]>();
  for (const row of rows) {
    checkRow(row);
    const key = `${row.transport ?? 'http'} ${row.pattern}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()].map((group) => ({
    template: compileTemplate(group[0]?.pattern ?? ''),
    transport: group[0]?.transport ?? 'http',
    rows: group,
    extra,
  }));
}

function find(
  addresses: readonly Address[],
  {
    method,
    path,
    transport,
  }: { readonly method: string; readonly path: string; readonly transport: Transport },
): Found {
  let owned = false;
  let other = false;
  for (const address of addresses) {
    // An address of ours is known by its first pattern; only what the configuration adds may still add a method to it.
    if (owned && !address.extra) continue;
    const captured = path.startsWith(address.template.prefix) ? address.template.match(path) : undefined;
    if (captured === undefined) continue;
    if (address.transport !== transport) {
      other = true;
      continue;
    }
    owned = true;
    const row = address.rows.find(({ methods }) => (methods as readonly string[]).includes(method));
    if (row !== undefined) return { address, row, captured };
  }
  if (owned) throw new AppError('METHOD_UNKNOWN');
  if (other) throw new AppError('METHOD_UNKNOWN', { detail: otherTransport(transport) });
  throw new AppError('ROUTE_UNKNOWN');
}

function otherTransport(received: Transport): string {
  return received === 'http' ? 'expected a WebSocket, received HTTP' : 'expected HTTP, received a WebSocket';
}

interface MatchContext {
  readonly parts: Parts;
  readonly target: string;
  readonly jsonBodyLimit: number;
}

function routeMatch({ address, row }: Found, context: MatchContext): RouteMatch {
  const { body } = row;
  const [headline] = row.asks;
  const need = body === undefined ? 'none' : body === 'stream' ? 'stream' : 'json';
  const general = { none: 0, stream: STREAM_LIMIT, json: context.jsonBodyLimit }[need];
  return {
    route: row.id,
    resource: headline.res,
    action: headline.act,
    body: need,
    streamedObject: row.streamedObject === true,
    mustExist: row.mustExist === true,
    bodyLimit: row.bodyLimit ?? general,
    page: row.page === true,
    classify(input) {
      const reading = typeof body === 'function' ? body(input, context.parts) : NO_BODY;
      if (reading !== NO_BODY) checkReading(row, reading);
      return complete({ address, row, context, reading });
    },
  };
}

function complete({
  address,
  row,
  context,
  reading,
}: {
  readonly address: Address;
  readonly row: RouteRow;
  readonly context: MatchContext;
  readonly reading: BodyReading;
}): Classified {
  // The address was matched first and wins: a body cannot rename what it names.
  const { parts: asked } = context;
  const parts = reading === NO_BODY ? asked : merge([reading, asked]);
  const questions = completeQuestions(row, parts);
  const [headline] = questions;
  return {
    route: row.id,
    resource: headline.res,
    action: headline.act,
    questions,
    target: context.target,
    body: reading.body === undefined ? undefined : JSON.stringify(reading.body),
    presentation: row.presentation ?? 'none',
    socket: row.socket,
    object: addressedObject(address.template.names, parts),
    document: namedDocument(row, parts),
    params: parts.params,
    subtree: subtreeOf(row.subtree, parts),
    path: headline.path === '' ? (parts.paths['path'] ?? '') : headline.path,
    input: reading.body,
  };
}

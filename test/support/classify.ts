/** Short forms for what classify says, so that a table of cases fits on a page. */
import type { Classified } from '../../src/core/classified.ts';
import { AppError } from '../../src/core/errors.ts';
import type { QuestionDraft } from '../../src/core/question.ts';
import { createClassifier } from '../../src/classify/create-classifier.ts';
import type { Classifier, ExtraRoute } from '../../src/classify/classifier.ts';

/** A classifier at `/`, or as given. */
export function classifierFor(
  options: { readonly baseUrl?: string; readonly extraRoutes?: readonly ExtraRoute[] } = {},
): Classifier {
  return createClassifier({ baseUrl: '/', extraRoutes: [], jsonBodyLimit: 1_000_000, ...options });
}

const plain = classifierFor();

/** Classifies `GET /api/contents/x` or `WS /…` at `/`. */
export function classify(line: string, body?: unknown, classifier = plain): Classified {
  const [verb = '', target = ''] = line.split(' ');
  const socket = verb === 'WS';
  return classifier.match(socket ? 'GET' : verb, target, socket ? 'websocket' : 'http').classify(body);
}

/** `read contents /a`, `execute kernels kernel:ID`, `execute kernels /a +new`. */
export function inShort({ act, res, path, object, creates }: QuestionDraft): string {
  const about = object === undefined ? path : `${object.kind}:${object.id}`;
  return [act, res, about, creates === true ? '+new' : ''].filter((word) => word !== '').join(' ');
}

/** The code of the refusal, or what it was classified as. */
export function outcome(work: () => Classified): string {
  try {
    const { route, target } = work();
    return `${route} ${target}`;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

/** The detail of the refusal. */
export function detailOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError) return error.detail ?? '';
    throw error;
  }
  return '';
}

/** The port through which use cases learn what a request would ask. */
import type { Classifier } from '../classify/classifier.ts';
import type { ClassifyUrl } from '../manage/decisions/explain.ts';

export function classifyUrl(classifier: Classifier): ClassifyUrl {
  return (method, url, body) => {
    const match = classifier.match(method, url, 'http');
    const { route, questions } = match.classify(match.body === 'json' ? body : undefined);
    return { route, questions };
  };
}

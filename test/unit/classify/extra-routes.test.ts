import { expect } from 'chai';
import type { ExtraRoute } from '../../../src/classify/classifier.ts';
import { classifierFor, classify, detailOf, inShort, outcome } from '../../support/classify.ts';

function route(pattern: string, rest: Partial<ExtraRoute> = {}): ExtraRoute {
  return { pattern, methods: ['GET'], resource: 'api', action: 'read', websocket: false, ...rest };
}

describe('an extra route', () => {
  const classifier = classifierFor({
    extraRoutes: [
      route('/api/metrics/v1'),
      route('/voila/render/**', { resource: 'pages' }),
      route('/dask/{cluster}/status', {
        methods: ['GET', 'POST'],
        resource: 'server',
        action: 'execute',
        websocket: true,
      }),
      route('/api/contents/**', { methods: ['GET', 'PUT', 'HEAD'], resource: 'static' }),
      route('/**', { methods: ['DELETE'], resource: 'static' }),
    ],
  });
  const at = (line: string, body?: unknown) => outcome(() => classify(line, body, classifier));

  it('is asked by its own resource and action', () => {
    const status = classify('POST /dask/a%20b/status?x=1&token=t&y', undefined, classifier);
    expect(status.questions.map(inShort)).to.deep.equal(['execute server']);
    expect(status).to.include({
      route: 'extra:/dask/{cluster}/status',
      target: '/dask/a%20b/status?x=1&y',
      socket: undefined,
    });
    expect(classify('WS /dask/a/status', undefined, classifier)).to.include({
      socket: 'tunnel',
      action: 'execute',
    });
    expect(at('GET /api/metrics/v1')).to.equal('extra:/api/metrics/v1 /api/metrics/v1');
  });

  it('takes what lies below a trailing `/**`, and the place itself', () => {
    for (const path of ['/voila/render', '/voila/render/', '/voila/render/a/b.ipynb']) {
      expect(at(`GET ${path}`)).to.equal(`extra:/voila/render/** ${path}`);
    }
    expect(at('GET /voila/renderX')).to.equal('METHOD_UNKNOWN');
    expect(at('GET /voila/render/../x')).to.equal('PATH_INVALID');
    expect(at('GET /voila/render/%2e%2e/x')).to.equal('PATH_INVALID');
    expect(classifier.match('GET', '/voila/render/a', 'http').page).to.equal(true);
  });

  it('takes one segment for a name', () => {
    expect(at('GET /dask/a/b/status')).to.equal('METHOD_UNKNOWN');
    expect(at('GET /dask/a%2fb/status')).to.equal('PATH_INVALID');
  });

  it('never shadows a row of the table', () => {
    expect(classify('GET /api/contents/a', undefined, classifier).resource).to.equal('contents');
    expect(classify('PUT /api/contents/a', undefined, classifier).resource).to.equal('contents');
    expect(classify('DELETE /api/kernels/a-b-c-d-e', undefined, classifier).resource).to.equal('kernels');
  });

  it('may add a method that the table does not know there', () => {
    expect(classify('HEAD /api/contents/a', undefined, classifier).resource).to.equal('static');
  });

  it('is refused when its pattern or a method cannot be', () => {
    for (const pattern of ['x', '/a/**/b', '/a//b', '/../a', '/a{b}', '/a b', '/a%2fb', '/a*', '/']) {
      expect(
        detailOf(() => classifierFor({ extraRoutes: [route(pattern)] })),
        pattern,
      ).to.match(/^expected/);
    }
    expect(
      detailOf(() => classifierFor({ extraRoutes: [route('/a', { methods: ['OPTIONS'] })] })),
    ).to.include('`OPTIONS`');
  });
});

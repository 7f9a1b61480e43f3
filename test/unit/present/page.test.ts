import { expect } from 'chai';
import { gzipSync } from 'node:zlib';
import type { Asker } from '../../../src/present/presenter.ts';
import { createScrubber } from '../../../src/present/token-scrubber.ts';
import { TOKEN, classified, jsonOf, openStage, person, reply } from '../../support/presenting.ts';
import type { Stage } from '../../support/presenting.ts';

const htmlReply = (text: string, status = 200) =>
  reply(text, { status, headers: { 'content-type': 'text/html; charset=UTF-8' } });

const CONFIG = {
  appName: 'JupyterLab',
  appSettingsDir: '/opt/lab/settings',
  buildAvailable: true,
  buildCheck: true,
  extensionManager: { can_install: true, install_path: '/opt', name: 'PyPI' },
  fullAppUrl: '/lab',
  labextensionsPath: ['/opt/share'],
  preferredPath: '/',
  quitButton: true,
  rootUri: 'file:///srv/course',
  serverRoot: '/srv/course',
  terminalsAvailable: true,
  token: TOKEN,
  treePath: 'pub/b.ipynb',
};
const labPage = (config: string): string =>
  `<html><head><script id="jupyter-config-data" type="application/json">${config}</script></head><body></body></html>`;
const tornadoJson = (value: unknown): string =>
  JSON.stringify(value).replaceAll('&', '\\u0026').replaceAll('<', '\\u003c');
const classicPage = `<body data-jupyter-api-token="S3cret/tok%2Ben%26x"
  data-terminals-available="True" data-server-root="/srv/course"
  ><a href="/lab?token=S3cret/tok+en&amp;x" title='dashboard'>x</a><a href="/tree?a=1&amp;token=zzz&amp;b=2">y</a></body>`;

describe('present pages', () => {
  let stage: Stage;
  let viewer: Asker;
  let full: Asker;
  before(async () => {
    stage = await openStage();
    viewer = person({ subject: 'vera', rules: ['pages read *'] }, stage.store.objects);
    full = person({ subject: 'fay', rules: ['* * *'] }, stage.store.objects);
  });
  after(() => stage.close());

  const show = async (asker: Asker, text: string) =>
    (
      await stage.presenter.rewrite(classified('page', { resource: 'pages' }), asker, htmlReply(text))
    ).body.toString();
  const configOf = (page: string): Record<string, unknown> =>
    JSON.parse(/application\/json">(.*?)<\/script>/.exec(page)?.[1] ?? '') as Record<string, unknown>;

  it('empties the token of the page configuration and blanks paths of the system', async () => {
    const config = configOf(await show(viewer, labPage(tornadoJson(CONFIG))));
    expect(config).to.include({ token: '', serverRoot: '', rootUri: '', appSettingsDir: '' });
    expect(config).to.include({ preferredPath: '/', treePath: 'pub/b.ipynb', fullAppUrl: '/lab' });
    expect(config['labextensionsPath']).to.deep.equal([]);
  });

  it('offers terminals, building and shutting down to those who may', async () => {
    const offered = ['terminalsAvailable', 'buildAvailable', 'buildCheck', 'quitButton'];
    const read = async (asker: Asker) => {
      const config = configOf(await show(asker, labPage(tornadoJson(CONFIG))));
      return offered.map((name) => config[name]);
    };
    expect(await read(viewer)).to.deep.equal([false, false, false, false]);
    expect(await read(full)).to.deep.equal([true, true, true, true]);
  });

  it('cannot be made to end the script by a name in the configuration', async () => {
    const treePath = '</script><script>alert(1)</script>';
    const page = await show(viewer, labPage(tornadoJson({ ...CONFIG, treePath })));
    expect(page).to.not.contain('alert(1)</script>');
    expect(configOf(page)['treePath']).to.equal(treePath);
  });

  it('refuses a page whose configuration it cannot read', async () => {
    const failed = await show(viewer, labPage('{nonsense')).catch((error: unknown) => error);
    expect(failed).to.have.property('code', 'UPSTREAM_FAILED');
  });

  it('cleans attributes and links of the classic notebook', async () => {
    const page = await show(viewer, classicPage);
    expect(page).to.contain('data-jupyter-api-token=""').and.contain('data-terminals-available="False"');
    expect(page).to.contain('data-server-root=""');
    expect(page).to.contain('href="/lab"').and.contain('href="/tree?a=1&amp;b=2"');
    expect(page).to.not.contain('S3cret').and.not.contain('zzz');
    expect(await show(full, classicPage)).to.contain('data-terminals-available="True"');
  });

  it('removes the token wherever else it stands, however it is spelled', () => {
    const scrub = createScrubber(TOKEN);
    const spellings = [
      TOKEN,
      encodeURIComponent(TOKEN),
      encodeURIComponent(TOKEN).replace(/%../g, (escape) => escape.toLowerCase()),
      encodeURIComponent(encodeURIComponent(TOKEN)),
      'S3cret/tok%2Ben%26x',
      'S3cret/tok+en&amp;x',
      'S3cret&#47;tok&#x2b;en&#38;x',
      String.raw`S3cret\/tok+en\u0026x`,
    ];
    for (const spelling of spellings) expect(scrub(`a${spelling}b`), spelling).to.equal('ab');
    expect(scrub('S3cret/token')).to.equal('S3cret/token');
    expect(createScrubber(undefined)('text')).to.equal('text');
  });

  it('empties a token that is not the one the gate uses', async () => {
    const other =
      labPage(tornadoJson({ ...CONFIG, token: 'visitors-own' })) + classicPage.replace('S3cret', 'other');
    const page = await show(full, other);
    expect(configOf(page)['token']).to.equal('');
    expect(page).to.not.contain('visitors-own').and.not.contain('other/tok');
  });

  it('keeps the content security policy', async () => {
    const csp = "frame-ancestors 'self'";
    const upstream = {
      ...htmlReply(labPage('{}')),
      headers: { 'content-type': 'text/html', 'content-security-policy': csp },
    };
    const answer = await stage.presenter.rewrite(classified('page'), viewer, upstream);
    expect(answer.headers).to.include({ 'content-security-policy': csp, 'cache-control': 'no-store' });
  });

  it('unpacks a compressed page, and refuses an encoding it does not know', async () => {
    const body = gzipSync(classicPage);
    const headers = { 'content-type': 'text/html', 'content-encoding': 'gzip' };
    const answer = await stage.presenter.rewrite(classified('page'), viewer, { status: 200, headers, body });
    expect(answer.body.toString()).to.not.contain('S3cret');
    expect(answer.headers).to.not.have.property('content-encoding');
    const odd = { status: 200, headers: { ...headers, 'content-encoding': 'odd' }, body };
    const failed = await stage.presenter
      .rewrite(classified('page'), viewer, odd)
      .catch((error: unknown) => error);
    expect(failed).to.have.property('code', 'UPSTREAM_FAILED');
  });

  it('rewrites HTML of a route nobody described as a page, and streams files', () => {
    const { presenter } = stage;
    expect(presenter.rewrites(classified('none', { resource: 'api' }), 200, 'text/html')).to.equal(true);
    expect(presenter.rewrites(classified('none', { resource: 'files' }), 200, 'text/html')).to.equal(false);
    expect(presenter.rewrites(classified('none', { resource: 'static' }), 200, 'text/javascript')).to.equal(
      false,
    );
    expect(presenter.rewrites(classified('page'), 304, '')).to.equal(false);
  });

  describe('for errors', () => {
    const errorHtml = `<html data-jupyter-api-token="${TOKEN}">404</html>`;

    it('replaces every HTML error page, whatever the route', async () => {
      for (const resource of ['pages', 'files', 'nbconvert', 'proxy'] as const) {
        const asking = classified('none', { resource });
        expect(stage.presenter.rewrites(asking, 404, 'text/html')).to.equal(true);
        const answer = await stage.presenter.rewrite(asking, viewer, htmlReply(errorHtml, 404));
        expect(answer.status).to.equal(404);
        expect(answer.headers['content-type']).to.contain('text/html');
        expect(answer.body.toString()).to.contain('Nothing here').and.not.contain('S3cret');
      }
    });

    it('answers programs with JSON where upstream answered with a page', async () => {
      const answer = await stage.presenter.rewrite(classified('contents'), viewer, htmlReply(errorHtml, 500));
      expect(answer.status).to.equal(500);
      expect(jsonOf(answer)).to.have.property('code', 'UPSTREAM_ERROR_PAGE');
    });

    it('keeps message and reason of a JSON error, without traceback, token and paths', async () => {
      const body = {
        message: `Schema not found: /opt/lab/schemas/x.json for ${TOKEN}`,
        reason: 'Permission denied: pub/a.txt',
        traceback: 'File "/opt/x.py"',
      };
      const answer = await stage.presenter.rewrite(
        classified('settings'),
        viewer,
        reply(body, { status: 404 }),
      );
      expect(jsonOf(answer)).to.deep.equal({
        message: 'Schema not found: … for ',
        reason: 'Permission denied: pub/a.txt',
        code: 'NOT_FOUND',
      });
    });

    it('never says that the person is not signed in', async () => {
      const answer = await stage.presenter.rewrite(
        classified('contents'),
        viewer,
        reply({ message: 'no' }, { status: 401 }),
      );
      expect(answer.status).to.equal(502);
    });
  });
});

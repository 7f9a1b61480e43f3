import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { configWarnings } from '../../../src/config/config-warnings.ts';
import { loadConfig } from '../../../src/config/load-config.ts';
import { shownConfig } from '../../../src/config/shown-config.ts';
import { AppError } from '../../../src/core/errors.ts';
import type { FieldProblem } from '../../../src/core/errors.ts';

interface Given {
  argv?: string[];
  env?: Record<string, string>;
  yaml?: string;
  files?: Record<string, string>;
  cwd?: string;
}

function load({ argv = [], env = {}, yaml, files = {}, cwd = '/lab' }: Given = {}) {
  const readFile = (path: string) => (path === join(cwd, 'gate.yaml') ? yaml : files[path]);
  return loadConfig({ argv, env, cwd, readFile });
}

function problemsOf(given: Given): readonly FieldProblem[] {
  try {
    load(given);
  } catch (error) {
    expect(error).to.be.instanceOf(AppError);
    expect((error as AppError).code).to.equal('CONFIG_INVALID');
    return (error as AppError).problems;
  }
  throw new Error('expected the configuration to be refused');
}

describe('loadConfig: sources', () => {
  it('uses the defaults when nothing is given', () => {
    const config = load();
    expect(config).to.include({
      host: '127.0.0.1',
      port: 8000,
      adminPort: 8001,
      baseUrl: '/',
      deniedStatus: 403,
    });
    expect(config).to.include({ data: '/lab/.jupyter-gate', notebookDir: '/lab/notebooks' });
    expect(config.database).to.equal('sqlite:/lab/.jupyter-gate/gate.sqlite');
    expect(config.model).to.match(/\/model\.conf$/);
    expect(config.upstream).to.equal(undefined);
    expect(Object.values(config).includes(null)).to.equal(false);
  });

  it('prefers flags to the environment, the environment to gate.yaml, gate.yaml to the defaults', () => {
    const yaml = 'port: 1001\nadmin-port: 1002\nhost: file.example\nstop-timeout: 3s\n';
    const env = { JUPYTER_GATE_PORT: '2001', JUPYTER_GATE_ADMIN_PORT: '2002' };
    const config = load({ yaml, env, argv: ['--port', '3001'] });
    expect(config).to.include({ port: 3001, adminPort: 2002, host: 'file.example', stopTimeout: 3000 });
    expect(config.linkLifetime).to.equal(3_600_000);
  });

  it('takes exact names for the admin API, with a port if need be', () => {
    const names = (...given: string[]) =>
      load({ argv: given.flatMap((name) => ['--admin-name', name]) }).adminNames;
    expect(names()).to.deep.equal([]);
    const some = ['gate-admin', 'Gate.lab.svc:80', '10.0.0.7:443', 'fd00::7'];
    expect(names(...some)).to.deep.equal(['gate-admin', 'gate.lab.svc:80', '10.0.0.7:443', 'fd00::7']);
    for (const name of ['*.lab.svc', '*', 'http://gate', 'gate/x', 'gate:', 'gate:0', 'gate:99999', 'a:b:80'])
      expect(problemsOf({ argv: ['--admin-name', name] })[0]?.at, name).to.equal('--admin-name');
  });

  it('reads lists from repeated flags, from separated variables and from YAML lists', () => {
    const argv = ['--public-url', 'https://a.example', '--public-url=https://b.example:8443/'];
    expect(load({ argv }).publicUrls).to.deep.equal(['https://a.example', 'https://b.example:8443']);
    const env = { JUPYTER_GATE_TRUSTED_PROXIES: '10.0.0.0/8, ::1' };
    expect(load({ env }).trustedProxies).to.deep.equal(['10.0.0.0/8', '::1']);
    expect(load({ yaml: 'public-url: [https://c.example]' }).publicUrls).to.deep.equal(['https://c.example']);
  });

  it('starts relative paths of gate.yaml from its directory and others from the working directory', () => {
    const files = { '/etc/gate/lab.yaml': 'data: state\n' };
    const config = load({ argv: ['--config', '/etc/gate/lab.yaml', '--notebook-dir', 'course'], files });
    expect(config).to.include({ data: '/etc/gate/state', notebookDir: '/lab/course' });
    expect(load({ env: { JUPYTER_GATE_DATABASE: 'sqlite:here.db' } }).database).to.equal(
      'sqlite:/lab/here.db',
    );
  });

  it('ignores what Kubernetes puts into the environment for a service of that name', () => {
    const env = {
      JUPYTER_GATE_PORT: 'tcp://10.0.0.1:8000',
      JUPYTER_GATE_ADMIN_PORT: 'tcp://10.0.0.2:8001',
      JUPYTER_GATE_SERVICE_HOST: '10.0.0.1',
      JUPYTER_GATE_SERVICE_PORT_HTTP: '8000',
      JUPYTER_GATE_PORT_8000_TCP: 'tcp://10.0.0.1:8000',
      JUPYTER_GATE_PORT_8000_TCP_ADDR: '10.0.0.1',
    };
    expect(load({ env })).to.include({ port: 8000, adminPort: 8001 });
  });

  it('reads secrets from the environment and from files', () => {
    const env = {
      JUPYTER_GATE_ADMIN_TOKEN: 'a-token-of-some-length',
      JUPYTER_GATE_UPSTREAM: 'http://localhost:8888',
    };
    const config = load({
      env,
      argv: ['--upstream-token-file', 'up'],
      files: { '/lab/up': 'upstream-secret\n' },
    });
    expect(config).to.include({ adminToken: 'a-token-of-some-length', upstreamToken: 'upstream-secret' });
  });

  it('fills in what a route leaves out', () => {
    const yaml = 'routes:\n  - { pattern: /voila/*, resource: extensions, action: read }\n';
    expect(load({ yaml }).routes).to.deep.equal([
      { pattern: '/voila/*', methods: ['GET'], resource: 'extensions', action: 'read', websocket: false },
    ]);
  });

  it('freezes the result through and through', () => {
    const config = load({
      argv: ['--public-url', 'https://a.example'],
      yaml: 'routes: [{ pattern: /x, resource: api, action: read }]',
    });
    expect(Object.isFrozen(config)).to.equal(true);
    expect(Object.isFrozen(config.publicUrls)).to.equal(true);
    expect(Object.isFrozen(config.routes[0]?.methods)).to.equal(true);
  });
});

describe('loadConfig: problems', () => {
  it('reports all problems at once, each with source, expected and received', () => {
    const problems = problemsOf({
      argv: ['--port', 'many', '--bse-url', '/x/', 'extra'],
      env: { JUPYTER_GATE_TIMEZONE: 'Mars/North', JUPYTER_GATE_ADMIN_PROT: '1' },
      yaml: 'denied-status: 404\nsessionLifetime: 1h\n',
    });
    const text = problems.map((one) => `${one.at}: ${one.message}`).join('\n');
    expect(text).to.contain('--port: expected a port from 0 to 65535 (0: any free one), received `many`');
    expect(text).to.contain(
      '--bse-url: expected a known option, received `--bse-url`; did you mean `--base-url`?',
    );
    expect(text).to.contain('the command line: expected only flags, received `extra`');
    expect(text).to.contain(
      'JUPYTER_GATE_TIMEZONE: expected a time zone such as `Europe/Paris` or `UTC`, received `Mars/North`',
    );
    expect(text).to.contain('did you mean `JUPYTER_GATE_ADMIN_PORT`?');
    expect(text).to.contain('gate.yaml: denied-status: expected one of `401`, `403`, received `404`');
    expect(text).to.contain('did you mean `session-lifetime`?');
    expect(problems).to.have.length(7);
  });

  const refused: readonly [name: string, given: Given, at: string, message: RegExp][] = [
    ['a certificate without key', { argv: ['--tls-cert', 'c.pem'] }, '--tls-cert', /`tls-key` together/],
    ['a key without certificate', { argv: ['--tls-key', 'k.pem'] }, '--tls-key', /`tls-cert` together/],
    [
      'a public URL with a path',
      { argv: ['--public-url', 'https://a.example/x'] },
      '--public-url',
      /without path/,
    ],
    [
      'a base URL without slash at its end',
      { argv: ['--base-url', '/x'] },
      '--base-url',
      /begins and ends with/,
    ],
    [
      'a base URL with dot segments',
      { argv: ['--base-url', '/x/../'] },
      '--base-url',
      /begins and ends with/,
    ],
    [
      'one port for both listeners',
      { argv: ['--port', '9000', '--admin-port', '9000'] },
      '--admin-port',
      /differ/,
    ],
    ['a token for no server', { argv: ['--upstream-token', 'x'] }, '--upstream-token', /for no server/],
    [
      'a token and a token file',
      {
        argv: ['--upstream', 'http://h:1', '--upstream-token', 'x', '--upstream-token-file', 'f'],
        files: { '/lab/f': 'y' },
      },
      '--upstream-token-file',
      /received both/,
    ],
    [
      'a token file that is not there',
      { argv: ['--upstream', 'http://h:1', '--upstream-token-file', 'f'] },
      'upstream-token-file',
      /no readable file/,
    ],
    [
      'an account for a server that is not ours',
      { argv: ['--upstream', 'http://h:1', '--jupyter-user', 'u'] },
      '--jupyter-user',
      /no `upstream`/,
    ],
    [
      'an upstream with another base URL',
      { argv: ['--upstream', 'http://h:1/lab/'] },
      '--upstream',
      /equal `base-url`/,
    ],
    [
      'an upstream with an account inside',
      { argv: ['--upstream', 'http://u:secret@h:1'] },
      '--upstream',
      /^(?!.*secret)/,
    ],
    [
      'a short admin token',
      { env: { JUPYTER_GATE_ADMIN_TOKEN: 'short' } },
      'JUPYTER_GATE_ADMIN_TOKEN',
      /at least 16 characters, received 5/,
    ],
    [
      'the admin token as a flag',
      { argv: ['--admin-token=verysecretverysecret'] },
      '--admin-token',
      /process list$/,
    ],
    ['a duration without unit', { argv: ['--strict-age', '30'] }, '--strict-age', /such as `500ms`/],
    ['a flag without its value', { argv: ['--port'] }, '--port', /received nothing/],
    [
      'a configuration file that is not there',
      { argv: ['--config', 'no.yaml'] },
      '--config',
      /existing file/,
    ],
    ['a file that is no YAML', { yaml: 'a: [1' }, 'gate.yaml', /expected YAML/],
    ['a file that is no mapping', { yaml: '- port' }, 'gate.yaml', /expected a mapping/],
    [
      'a route with an unknown action',
      { yaml: 'routes: [{ pattern: /x, resource: api, action: look }]' },
      'gate.yaml: routes',
      /routes\.0\.action/,
    ],
    [
      'a route for the gate itself',
      { yaml: 'routes: [{ pattern: /x, resource: "gate:users", action: read }]' },
      'gate.yaml: routes',
      /routes\.0\.resource/,
    ],
    [
      'data in the notebook directory',
      { argv: ['--notebook-dir', 'n', '--data', 'n/state'] },
      '--data',
      /outside the notebook directory/,
    ],
    [
      'a notebook directory around data',
      { argv: ['--notebook-dir', '.'] },
      'data',
      /outside the notebook directory/,
    ],
    [
      'a model that editors could write',
      { argv: ['--model', 'notebooks/model.conf'] },
      '--model',
      /outside the notebook directory/,
    ],
    [
      'a database that editors could write',
      { argv: ['--database', 'sqlite:notebooks/g.db'] },
      '--database',
      /outside the notebook directory/,
    ],
    [
      'a database of another make',
      { argv: ['--database', 'mysql://u:secret@h/d'] },
      '--database',
      /^(?!.*secret).*received `mysql/,
    ],
  ];
  for (const [name, given, at, message] of refused) {
    it(`refuses ${name}`, () => {
      const problem = problemsOf(given).find((one) => one.at === at);
      expect(problem?.message, JSON.stringify(problemsOf(given))).to.match(message);
    });
  }

  it('sees through a symbolic link that leads data into the notebook directory', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'gate-config-'));
    try {
      mkdirSync(join(cwd, 'notebooks'));
      symlinkSync(join(cwd, 'notebooks'), join(cwd, 'link'));
      expect(problemsOf({ cwd, argv: ['--data', 'link/state'] })[0]?.at).to.equal('--data');
      expect(load({ cwd, argv: ['--data', 'notebooks-2'] }).data).to.equal(join(cwd, 'notebooks-2'));
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });

  it('reads real files and tells which cannot be read', () => {
    const cwd = mkdtempSync(join(tmpdir(), 'gate-config-'));
    try {
      writeFileSync(join(cwd, 'gate.yaml'), 'port: 8123\n');
      expect(loadConfig({ argv: [], env: {}, cwd }).port).to.equal(8123);
      expect(() => loadConfig({ argv: ['--config', '.'], env: {}, cwd }))
        .to.throw(AppError)
        .with.property('detail')
        .that.contains('readable file');
    } finally {
      rmSync(cwd, { recursive: true });
    }
  });
});

describe('shownConfig and configWarnings', () => {
  it('shows secrets and the password of the database as ***', () => {
    const env = {
      JUPYTER_GATE_ADMIN_TOKEN: 'hidden-hidden-hidden',
      JUPYTER_GATE_UPSTREAM: 'http://localhost:1',
      JUPYTER_GATE_UPSTREAM_TOKEN: 'hidden-too',
      JUPYTER_GATE_DATABASE: 'postgres://gate:hid@den@db/gate?password=hidden',
    };
    const options = shownConfig(load({ env }));
    expect(JSON.stringify(options)).not.to.match(/hid|den@/);
    expect(options).to.include({ 'admin-token': '***', 'upstream-token': '***' });
    expect(options['database']).to.contain('postgres://gate:***@db/gate');
    expect(options).to.include({ 'session-lifetime': '12h', 'json-body-limit': '100mb' });
  });

  it('warns about secrets on the command line and about listeners that others reach', () => {
    const argv = [
      '--upstream',
      'http://h:1',
      '--upstream-token',
      't',
      '--host',
      '0.0.0.0',
      '--admin-host',
      '0.0.0.0',
    ];
    const warnings = configWarnings(load({ argv }), argv).join('\n');
    expect(warnings)
      .to.match(/`--upstream-token` shows/)
      .and.match(/without TLS/)
      .and.match(/admin API listens/);
    expect(configWarnings(load(), [])).to.deep.equal([]);
  });
});

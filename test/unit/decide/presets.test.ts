import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { checkRule } from '../../../src/decide/check-rule.ts';
import { GATE_RESOURCES, JUPYTER_RESOURCES } from '../../../src/core/labels.ts';
import { loadPresets, presetRuleFields } from '../../../src/decide/presets.ts';
import { parseModel } from '../../../src/decide/parse-model.ts';
import {
  DEFAULT_MODEL,
  failure,
  grant,
  PROJECT,
  question,
  rule,
  snapshot,
} from '../../support/decide-policy.ts';
import type { Snapshot } from '../../../src/decide/decider.ts';

const presets = loadPresets(fileURLToPath(new URL('presets', PROJECT)));
const PATH = '/pub/a.ipynb';

describe('the presets', () => {
  let current: Snapshot;
  before(async () => {
    const rules = presets.flatMap((preset) =>
      preset.roles.flatMap((role) => role.rules.map((each) => presetRuleFields(role, each))),
    );
    const people = ['viewer', 'editor', 'temporary', 'full', 'admin', 'watcher', 'runner'];
    const grants = people.map((name, index) => grant(index + 1, `the-${name}`, `role:${name}`));
    const both = ['editor', 'temporary'].map((name, index) => grant(index + 20, 'the-both', `role:${name}`));
    current = await snapshot({
      rules: rules.map((fields, index) => rule(index + 1, fields)),
      grants: [...grants, ...both],
    });
  });

  it('are these seven, each with the role of its name', () => {
    expect(presets.map((preset) => [preset.name, preset.roles.map((role) => role.name)])).to.deep.equal(
      ['admin', 'editor', 'full', 'runner', 'temporary', 'viewer', 'watcher'].map((name) => [
        name,
        [`role:${name}`],
      ]),
    );
  });
  it('hold rules that the default model takes as they are', () => {
    const model = parseModel(DEFAULT_MODEL);
    for (const preset of presets) {
      for (const role of preset.roles) {
        for (const each of role.rules) {
          const fields = presetRuleFields(role, each);
          expect(checkRule(fields, model)).to.deep.equal(fields);
        }
      }
    }
  });

  // who may: v viewer, e editor, t temporary, f full, a admin, b editor and temporary together, w watcher, r runner
  const matrix: [string, string, string, string, string][] = [
    // what                  act        path   own       who
    ['contents', 'read', PATH, '', 'vetfbwr'],
    ['contents', 'write', PATH, '', 'efb'],
    ['checkpoints', 'read', PATH, '', 'vetfbwr'],
    ['checkpoints', 'write', PATH, '', 'efb'],
    ['trust', 'write', PATH, '', 'efb'],
    ['files', 'read', PATH, '', 'vetfbwr'],
    ['files', 'write', PATH, '', 'efb'],
    ['kernels', 'read', '', '', 'vetfbwr'],
    ['sessions', 'read', '', '', 'vetfbwr'],
    ['terminals', 'read', '', '', 'vetfbwr'],
    ['kernels', 'read', PATH, 'own', 'vetfbwr'],
    ['kernels', 'read', PATH, 'other', 'w'],
    ['kernels', 'read', '', '?', 'f'],
    ['kernels', 'execute', PATH, 'own', 'tfbr'],
    ['kernels', 'execute', '', 'own', 'tfbr'],
    ['sessions', 'read', PATH, 'other', 'w'],
    ['terminals', 'read', PATH, 'other', ''],
    ['kernels', 'write', PATH, 'own', 'tfbr'],
    ['kernels', 'write', PATH, 'other', ''],
    ['kernels', 'write', PATH, '?', 'f'],
    ['sessions', 'write', PATH, 'own', 'tfbr'],
    ['sessions', 'write', PATH, 'other', ''],
    ['channels', 'read', PATH, 'own', 'tfbwr'],
    ['channels', 'read', PATH, 'other', 'w'],
    ['channels', 'read', PATH, '?', 'f'],
    ['channels', 'execute', PATH, 'own', 'tfb'],
    ['channels', 'execute', '', 'own', 'tfb'],
    ['channels', 'execute', PATH, 'other', ''],
    ['channels', 'execute', PATH, '?', 'f'],
    ['terminals', 'execute', '', 'own', 'f'],
    ['terminals', 'execute', '', '', 'f'],
    ['terminals', 'write', '', 'own', 'f'],
    ['terminals', 'execute', '', 'other', ''],
    ['kernelspecs', 'read', '', '', 'vetfbwr'],
    ['nbconvert', 'read', PATH, '', 'vetfbwr'],
    ['nbconvert', 'read', '', '', 'vetfbwr'],
    ['nbconvert', 'execute', '', '', 'tfb'],
    ['pages', 'read', '', '', 'vetfbwr'],
    ['api', 'read', '', '', 'vetfbwr'],
    ['static', 'read', '', '', 'vetfbwr'],
    ['settings', 'read', '', '', 'vetfbwr'],
    ['settings', 'write', '', '', 'vetfbwr'],
    ['workspaces', 'write', '', '', 'vetfbwr'],
    ['config', 'write', '', '', 'vetfbwr'],
    ['lsp', 'read', '', '', 'vetfbwr'],
    ['lsp', 'execute', '', '', 'f'],
    ['events', 'read', '', '', 'vetfbwr'],
    ['events', 'write', '', '', 'f'],
    ['extensions', 'read', '', '', 'vetfbwr'],
    ['extensions', 'write', '', '', 'f'],
    ['extensions', 'execute', '', '', 'f'],
    ['server', 'write', '', '', 'f'],
    ['proxy', 'execute', '', '', 'f'],
    ['proxy', 'read', '', '', 'f'],
    ['git', 'execute', PATH, '', 'f'],
    ['git', 'read', PATH, '', 'f'],
    ['collaboration', 'execute', '', '', 'f'],
    ['collaboration', 'read', '', '', 'vetfbwr'],
    ['collaboration', 'read', PATH, '', 'vetfbwr'],
    ['collaboration', 'write', PATH, '', 'efb'],
    ['gate:users', 'read', '', '', 'a'],
    ['gate:model', 'write', '', '', 'a'],
  ];
  const people = {
    v: 'the-viewer',
    e: 'the-editor',
    t: 'the-temporary',
    f: 'the-full',
    a: 'the-admin',
    b: 'the-both',
    w: 'the-watcher',
    r: 'the-runner',
    n: 'the-nobody',
    g: 'guest:1',
  };
  for (const [res, act, path, own, who] of matrix) {
    it(`let ${who === '' ? 'nobody' : who} ${act} ${res} ${path === '' ? 'without a path' : 'with a path'} ${own === '' ? '' : `(owner: ${own})`}`, () => {
      const may = Object.entries(people).filter(([, sub]) => {
        const owner = own === 'own' ? sub : own === 'other' ? 'somebody' : own;
        return current.decide(question({ sub, res, act, path, own: owner })).allowed;
      });
      expect(
        may
          .map(([letter]) => letter)
          .sort()
          .join(''),
      ).to.equal(Array.from(who).sort().join(''));
    });
  }
  it('let a runner run what is saved on own kernels, and nothing that looks into what lives there', () => {
    const sub = 'the-runner';
    const ask = (act: string, own: string, more: object): boolean =>
      current.decide({ ...question({ sub, res: 'channels', act, path: PATH, own }), ...more }).allowed;
    expect(ask('execute', sub, { msg: 'execute_request', cell: 'saved' })).to.equal(true);
    expect(ask('execute', 'somebody', { msg: 'execute_request', cell: 'saved' })).to.equal(false);
    for (const msg of ['execute_request', 'comm_open', 'debug_request', 'input_reply', 'interrupt_request'])
      expect(ask('execute', sub, { msg }), msg).to.equal(false);
    for (const msg of ['complete_request', 'inspect_request', 'history_request'])
      expect(ask('read', sub, { msg }), msg).to.equal(false);
    expect(ask('read', sub, { msg: 'kernel_info_request' })).to.equal(true);
    expect(
      current.restsOnMessage(question({ sub, res: 'channels', act: 'execute', path: PATH, own: sub })),
    ).to.equal(true);
  });
  it('give a language server to nobody who may not run anything', () => {
    const may = (sub: string, res: string): boolean =>
      current.decide(question({ sub, res, act: 'execute', path: '', own: res === 'terminals' ? sub : '' }))
        .allowed;
    const holders = ['viewer', 'editor', 'temporary', 'watcher', 'runner', 'admin', 'both', 'full'];
    const talking = holders.filter((name) => may(`the-${name}`, 'lsp'));
    expect(talking).to.deep.equal(['full']);
    expect(talking.every((name) => may(`the-${name}`, 'terminals'))).to.equal(true);
  });
  it('give admin the gate alone, and nobody else any of it', () => {
    for (const res of GATE_RESOURCES) {
      for (const act of ['read', 'write', 'execute']) {
        expect(current.decide(question({ sub: 'the-admin', res, act, path: '' })).allowed, res).to.equal(
          true,
        );
        expect(current.decide(question({ sub: 'the-full', res, act, path: '' })).allowed, res).to.equal(
          false,
        );
      }
    }
    for (const res of JUPYTER_RESOURCES)
      expect(current.decide(question({ sub: 'the-admin', res })).allowed, res).to.equal(false);
  });
  it('let everyone who reads see the directories on the way', () => {
    for (const sub of ['the-viewer', 'the-editor', 'the-temporary', 'the-full'])
      expect(current.leads(question({ sub, path: '/' })), sub).to.equal(true);
  });
});

describe('a preset file', () => {
  it('that is wrong is refused with the file and every place', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'gate-presets-'));
    try {
      writeFileSync(
        join(directory, 'a.yaml'),
        'name: b\ntitle: T\ndescription: D\nroles:\n  - { name: viewer, description: x, rules: [{ res: contentz, act: see, path: pub, cond: this }] }\n',
      );
      writeFileSync(
        join(directory, 'c.yaml'),
        'name: c\ntitle: T\ndescription: D\nroles:\n  - { name: role:c, description: x, rules: [{ res: contents, act: read, path: /a, eft: deny }] }\n',
      );
      writeFileSync(join(directory, 'd.yaml'), 'name: [');
      const { code, problems } = await failure(() => loadPresets(directory));
      expect(code).to.equal('CONFIG_INVALID');
      const places = problems.map((problem) => problem.at);
      expect(places.filter((place) => place === 'a.yaml: roles.0.rules.0')).to.have.length(4);
      expect(places).to.include.members([
        'a.yaml: name',
        'a.yaml: roles.0.name',
        'c.yaml: roles.0.rules.0',
        'd.yaml',
      ]);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});

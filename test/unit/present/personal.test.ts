import { expect } from 'chai';
import { AppError } from '../../../src/core/errors.ts';
import type { Asker } from '../../../src/present/presenter.ts';
import { classified, jsonOf, openStage, person, reply } from '../../support/presenting.ts';
import type { Stage } from '../../support/presenting.ts';

const THEMES = '@jupyterlab/apputils-extension:themes';

describe('present what is kept for each person', () => {
  let stage: Stage;
  let anna: Asker;
  let bert: Asker;
  beforeEach(async () => {
    const server = { load_extensions: { a: true, b: true } };
    stage = await openStage({
      ask: (_method, target) =>
        Promise.resolve(
          target === '/api/config/notebook' ? { status: 200, body: server } : { status: 404, body: null },
        ),
    });
    anna = person(
      { subject: 'anna', rules: ['contents read /pub/**', 'channels execute -'] },
      stage.store.objects,
    );
    bert = person({ subject: 'bert', rules: [] }, stage.store.objects);
  });
  afterEach(() => stage.close());

  const answer = (...[asking, asker]: Parameters<Stage['presenter']['answer']>) =>
    stage.presenter.answer(asking, asker);
  const code = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => 'nothing',
      (error: unknown) => (error instanceof AppError ? error.code : error),
    );

  describe('settings', () => {
    const save = (asker: Asker, input: unknown, name = THEMES) =>
      answer(classified('settings-save', { action: 'write', params: { name }, input }), asker);
    const plugin = {
      id: THEMES,
      schema: {},
      version: '4',
      raw: '{}',
      settings: {},
      last_modified: null,
      created: null,
    };

    it('lays the own values over the answer of the server, for one person only', async () => {
      expect((await save(anna, { raw: '{ /* dark */ theme: "Dark" }' })).status).to.equal(204);
      const shown = await stage.presenter.rewrite(classified('settings'), anna, reply(plugin));
      expect(jsonOf(shown)).to.deep.include({
        raw: '{ /* dark */ theme: "Dark" }',
        settings: { theme: 'Dark' },
      });
      expect(jsonOf<{ created: string }>(shown).created).to.match(/^\d{4}-/);
      const others = await stage.presenter.rewrite(classified('settings'), bert, reply(plugin));
      expect(jsonOf(others)).to.deep.equal(plugin);
    });

    it('lays them over in the list, and leaves a list of ids', async () => {
      await save(anna, { raw: '{"theme":"Dark"}' });
      const other = { ...plugin, id: '@x/y:z' };
      const list = await stage.presenter.rewrite(
        classified('settings-list'),
        anna,
        reply({ settings: [plugin, other] }),
      );
      const { settings } = jsonOf<{ settings: { settings: unknown }[] }>(list);
      expect(settings.map((entry) => entry.settings)).to.deep.equal([{ theme: 'Dark' }, {}]);
      const ids = { settings: [{ id: THEMES }] };
      expect(
        jsonOf(await stage.presenter.rewrite(classified('settings-list'), anna, reply(ids))),
      ).to.deep.equal(ids);
    });

    it('refuses what is not JSON5, not an object, not text or too large', async () => {
      for (const input of [{ raw: '{' }, { raw: '[1]' }, { raw: 1 }, {}, null]) {
        expect(await code(save(anna, input)), JSON.stringify(input)).to.equal('BODY_INVALID');
      }
      expect(await code(save(anna, { raw: `{"a":"${'x'.repeat(1_100_000)}"}` }))).to.equal('BODY_TOO_LARGE');
      expect(await code(save(anna, { raw: '{}' }, 'x'.repeat(300)))).to.equal('BODY_INVALID');
    });
  });

  describe('workspaces', () => {
    const save = (asker: Asker, id: string, name: string) =>
      answer(
        classified('workspace-save', { params: { name }, input: { data: { a: 1 }, metadata: { id } } }),
        asker,
      );
    const list = async (asker: Asker) =>
      jsonOf<{ workspaces: { ids: string[] } }>(await answer(classified('workspaces-list'), asker)).workspaces
        .ids;
    const get = (asker: Asker, name: string) => answer(classified('workspace', { params: { name } }), asker);

    it('answers an empty one where there is none', async () => {
      expect(jsonOf(await get(anna, 'default'))).to.deep.equal({ data: {}, metadata: { id: '/default' } });
      expect(await list(anna)).to.deep.equal([]);
    });

    it('keeps, lists and removes them for one person', async () => {
      expect((await save(anna, 'default', 'default')).status).to.equal(204);
      expect((await save(anna, 'auto%2DA', 'auto-A')).status).to.equal(204);
      expect(await list(anna)).to.deep.equal(['auto%2DA', 'default']);
      expect(await list(bert)).to.deep.equal([]);
      const { data, metadata } = jsonOf<Record<string, Record<string, unknown>>>(await get(anna, 'default'));
      expect(data).to.deep.equal({ a: 1 });
      expect(metadata).to.have.all.keys('id', 'created', 'last_modified');
      const remove = (asker: Asker) =>
        answer(classified('workspace-delete', { params: { name: 'default' } }), asker);
      expect(await code(remove(bert))).to.equal('NOT_FOUND');
      expect((await remove(anna)).status).to.equal(204);
      expect(await list(anna)).to.deep.equal(['auto%2DA']);
    });

    it('refuses an id that is not the name in the address', async () => {
      expect(await code(save(anna, 'other', 'default'))).to.equal('BODY_INVALID');
    });
  });

  describe('configuration', () => {
    const section = (asker: Asker, name = 'notebook') =>
      answer(classified('config', { params: { section: name } }), asker);
    const change = (asker: Asker, presentation: 'config-save' | 'config-replace', input: unknown) =>
      answer(classified(presentation, { params: { section: 'notebook' }, input }), asker);

    it('shows the section of the server until the person changes something', async () => {
      expect(jsonOf(await section(anna))).to.deep.equal({ load_extensions: { a: true, b: true } });
      expect(jsonOf(await section(anna, 'none'))).to.deep.equal({});
    });

    it('merges a change deeply, takes out null, and keeps it from others', async () => {
      const merged = await change(anna, 'config-save', { load_extensions: { a: false, c: true }, x: 1 });
      expect(jsonOf(merged)).to.deep.equal({ load_extensions: { a: false, b: true, c: true }, x: 1 });
      const removed = await change(anna, 'config-save', { load_extensions: { c: null }, x: null });
      expect(jsonOf(removed)).to.deep.equal({ load_extensions: { a: false, b: true } });
      expect(jsonOf(await section(bert))).to.deep.equal({ load_extensions: { a: true, b: true } });
    });

    it('replaces the own values and answers 204', async () => {
      await change(anna, 'config-save', { x: 1 });
      expect((await change(anna, 'config-replace', { y: 2 })).status).to.equal(204);
      expect(jsonOf(await section(anna))).to.deep.equal({ load_extensions: { a: true, b: true }, y: 2 });
    });

    it('is not reached by `__proto__`', async () => {
      const input = JSON.parse('{"__proto__": {"polluted": true}}') as unknown;
      await change(anna, 'config-save', input);
      expect(({} as Record<string, unknown>)['polluted']).to.equal(undefined);
    });

    it('refuses what is not an object', async () => {
      expect(await code(change(anna, 'config-save', [1]))).to.equal('BODY_INVALID');
    });
  });

  describe('the identity', () => {
    const me = (asker: Asker, query = '') => answer(classified('me', { target: `/api/me${query}` }), asker);

    it('is the person of the gate, with nothing to change', async () => {
      expect(jsonOf(await me(anna))).to.deep.equal({
        identity: {
          username: 'anna',
          name: 'anna',
          display_name: 'anna',
          initials: 'A',
          avatar_url: null,
          color: null,
        },
        permissions: { updatable_fields: [] },
      });
    });

    it('says which permissions there are', async () => {
      const asked = {
        contents: ['read', 'write'],
        kernels: ['execute'],
        'gate:users': ['read'],
        nonsense: ['read'],
      };
      const query = `?permissions=${encodeURIComponent(JSON.stringify(asked))}`;
      expect(jsonOf<{ permissions: unknown }>(await me(anna, query)).permissions).to.deep.equal({
        contents: ['read'],
        kernels: ['execute'],
        'gate:users': [],
        nonsense: [],
        updatable_fields: [],
      });
    });

    it('refuses another shape of the question', async () => {
      for (const query of [
        '[]',
        '{',
        '{"a":"read"}',
        '{"a":[1]}',
        JSON.stringify({ a: Array(200).fill('read') }),
      ]) {
        expect(await code(me(anna, `?permissions=${encodeURIComponent(query)}`)), query).to.equal(
          'BODY_INVALID',
        );
      }
    });
  });

  it('answers reports of the content security policy with 204', async () => {
    expect(stage.presenter.isLocal(classified('csp-report'))).to.equal(true);
    expect((await answer(classified('csp-report'), anna)).status).to.equal(204);
  });
});
